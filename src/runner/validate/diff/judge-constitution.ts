import { CONSTITUTION } from '../../../prompts/render-prompt.ts';
import type { Finding } from '../finding.ts';
import type { DiffGround } from './diff-ground.ts';
import type { Commit } from './read-commits.ts';
import { trailer } from './trailer.ts';

export const CONSTITUTION_TRAILER = 'Constitution-change';

/** The constitution changes only in commits that change nothing else, and say so. It never goes away. */
export function judgeConstitution({ changes, commits }: Pick<DiffGround, 'changes' | 'commits'>): Finding[] {
  const change = changes.find(({ path }) => path === CONSTITUTION);
  if (change === undefined) return [];
  if (change.after === undefined)
    return [
      refused(
        'expected the constitution to stay, found it deleted',
        'put it back: no prompt is rendered without it',
      ),
    ];
  // The first one in a workspace that had none takes nothing away.
  if (change.before === undefined) return [];
  if (change.after.mode !== change.before.mode)
    return [
      refused('expected a plain file, as it was, found another sort of file', 'put the file itself there'),
    ];
  const touching = commits.filter((commit) => commit.changes.some(({ path }) => path === CONSTITUTION));
  const wrong = touching.find((commit) => !isProper(commit));
  if (touching.length > 0 && wrong === undefined) return [];
  const found = wrong === undefined ? 'a change whose commits are not here' : describe(wrong);
  return [refused(`expected the constitution unchanged, or changed on purpose, found ${found}`, HINT)];
}

const HINT = `a person changes it in a commit that changes nothing else, with the trailer "${CONSTITUTION_TRAILER}: yes"`;

function isProper(commit: Commit): boolean {
  return commit.changes.length === 1 && /^yes$/i.test(trailer(commit, CONSTITUTION_TRAILER) ?? '');
}

function describe({ oid, changes }: Commit): string {
  const others = changes.length - 1;
  const what =
    others > 0 ? `which changes ${others} more ${others === 1 ? 'file' : 'files'}` : 'which does not say so';
  return `commit ${oid.slice(0, 10)}, ${what}`;
}

function refused(message: string, hint: string): Finding {
  return { path: CONSTITUTION, severity: 'error', rule: 'constitution', message, hint };
}
