import { nothingToDelete, type RefUpdate, type RefVerdict } from './ref-transport.ts';

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

function verdict(flag: string, summary: string): RefVerdict {
  // "Up to date" is not a win: somebody else's push of the same commit looks just like it.
  if (flag === '=') return { result: 'lost', detail: 'the ref was already there, moved by another push' };
  if (flag !== '!') return { result: 'moved' };
  if (
    /stale info|fetch first|non-fast-forward|cannot lock ref|failed to update ref|incorrect old value|reference already exists|remote ref does not exist|failed to lock/.test(
      summary,
    )
  ) {
    return { result: 'lost', detail: summary };
  }
  return { result: 'refused', detail: summary, hint: refusalHint(summary) };
}

function refusalHint(summary: string): string {
  if (/hook declined/.test(summary))
    return "a hook of the remote refused the push: its words are in the message; ask the remote's owner";
  if (/protected branch|GH006|GH013/.test(summary))
    return 'the branch is protected: set ledger_branch in millwright.yaml to a branch of its own, such as millwright/ledger';
  if (/hidden ref|funny refname|deny|refusing/.test(summary))
    return 'the remote refuses this ref: set ref_namespace: refs/heads/millwright in millwright.yaml';
  return 'the remote refused the push: its reason is in the message';
}
