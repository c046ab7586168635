import { nameInTheWay, nothingToDelete, type RefUpdate, type RefVerdict } from './ref-transport.ts';

/**
 * Reads the per-ref lines of `git push --porcelain`: `<flag> TAB <from>:<to> TAB <summary> (<reason>)`.
 * The exit code alone says nothing about a single ref, so it is not looked at here.
 */
export function parsePushAnswer(stdout: string, updates: readonly RefUpdate[]): (RefVerdict | undefined)[] {
  const answers = new Map<string, RefVerdict>();
  for (const line of stdout.split('\n')) {
    const match = /^([ +\-*!=])\t[^\t]*?:([^\t]+)\t(.*)$/.exec(line);
    if (match) answers.set(match[2] ?? '', verdict(match[1] ?? '', match[3] ?? ''));
  }
  return updates.map((update) => {
    const answer = answers.get(update.ref);
    const nothing = update.expected === null && update.next === null && answer?.result === 'moved';
    return nothing ? nothingToDelete : answer;
  });
}

/** "Up to date" is not a win: somebody else's push of the same commit looks just like it. */
export const alreadyThere: RefVerdict = {
  result: 'lost',
  detail: 'the ref was already there, moved by another push',
};

function verdict(flag: string, summary: string): RefVerdict {
  if (flag === '=') return alreadyThere;
  return flag === '!' ? rejection(summary) : { result: 'moved' };
}

/** What a "no" of the other side means, told by the reason that it gave for one ref. */
export function rejection(reason: string): RefVerdict {
  if (
    /stale info|fetch first|non-fast-forward|cannot lock ref|failed to update ref|incorrect old value|reference already exists|re(?:mote ref|ference) does not exist|failed to lock/.test(
      reason,
    )
  ) {
    return { result: 'lost', detail: reason };
  }
  return { result: 'refused', detail: reason, hint: refusalHint(reason) };
}

/**
 * Adds what hooks and the server said beside its answer.
 * @param said their lines, without the "remote:" before them
 */
export function withServerWords(verdict: RefVerdict, said: readonly string[], ref: string): RefVerdict {
  const blocked = said.find((line) => line.includes(`'${ref}'`) && /exists; cannot create/.test(line));
  if (verdict.result === 'lost' && blocked !== undefined)
    return { result: 'refused', detail: blocked, hint: nameInTheWay };
  return verdict.result === 'refused' && said.length > 0
    ? { ...verdict, detail: `${verdict.detail}: ${said.slice(0, 3).join(' ')}` }
    : verdict;
}

function refusalHint(reason: string): string {
  if (/hook declined/.test(reason))
    return "a hook of the remote refused the push: its words are in the message; ask the remote's owner. If it refuses all refs outside of refs/heads, set ref_namespace: refs/heads/millwright in millwright.yaml";
  if (/protected branch|GH006|GH013/.test(reason))
    return 'the branch is protected: set ledger_branch in millwright.yaml to a branch of its own, such as millwright/ledger';
  if (/hidden ref|funny refname|deny|refusing/.test(reason))
    return 'the remote refuses this ref: set ref_namespace: refs/heads/millwright in millwright.yaml';
  if (/refname conflict/.test(reason)) return nameInTheWay;
  return 'the remote refused the push: its reason is in the message';
}
