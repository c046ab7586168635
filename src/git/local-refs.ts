import { MillwrightError } from '../contracts/millwright-error.ts';
import { diskFull, type GitResult, git, gitText } from './program.ts';
import {
  nameInTheWay,
  nothingToDelete,
  type RefTransport,
  type RefUpdate,
  type RefVerdict,
} from './ref-transport.ts';
import type { Oid, Repository } from './repository.ts';
import { storeObjects } from './store-objects.ts';

const ZERO: Oid = '0'.repeat(40);

/** The refs of this repository. Compare-and-swap is `git update-ref <ref> <new> <old>`. */
export function localRefs(repository: Repository): RefTransport {
  const cwd = repository.root;
  return {
    name: 'this repository',
    read: (refs) => readLocal(cwd, refs),
    look: (refs) => readLocal(cwd, refs),
    push: async (updates, objects = []) => {
      await storeObjects(repository, objects);
      return updates.length > FEW ? swapMany(cwd, updates) : swapEach(cwd, updates);
    },
  };
}

async function readLocal(cwd: string, patterns: readonly string[]): Promise<Map<string, Oid>> {
  // Without a pattern git would name every ref that there is.
  if (patterns.length === 0) return new Map();
  const text = await gitText(['for-each-ref', '--format=%(objectname) %(refname)', ...patterns], { cwd });
  const found = text.split('\n').filter((line) => line !== '');
  return new Map(found.map((line) => [line.slice(41), line.slice(0, 40)]));
}

/** So many swaps are worth a process each: then git's own words say what became of every one. */
const FEW = 4;

async function swapEach(cwd: string, updates: readonly RefUpdate[]): Promise<RefVerdict[]> {
  const verdicts: RefVerdict[] = [];
  for (const update of updates) verdicts.push(await swapLocal(cwd, update));
  return verdicts;
}

/**
 * Many swaps through one process, a transaction each. Git ends at the first one that fails: that one is then
 * swapped by itself, which says why, and the rest goes to another process.
 */
async function swapMany(cwd: string, updates: readonly RefUpdate[]): Promise<RefVerdict[]> {
  const verdicts: RefVerdict[] = [];
  while (verdicts.length < updates.length) {
    const rest = updates.slice(verdicts.length);
    for (let moved = await commitUntilFailure(cwd, rest); moved > 0; moved -= 1)
      verdicts.push({ result: 'moved' });
    const failed = updates[verdicts.length];
    if (failed !== undefined) verdicts.push(await swapLocal(cwd, failed));
  }
  return verdicts;
}

/** @returns how many were committed, in order, before one was not */
async function commitUntilFailure(cwd: string, updates: readonly RefUpdate[]): Promise<number> {
  const plain = updates.findIndex(({ expected, next }) => expected === next);
  const some = plain === -1 ? updates : updates.slice(0, plain);
  const lines = some.map(({ ref, expected, next }) => {
    const step = next === null ? `delete ${ref} ${expected}` : `update ${ref} ${next} ${expected ?? ZERO}`;
    return `start\noption no-deref\n${step}\nprepare\ncommit\n`;
  });
  const answer = await git(['update-ref', '-m', 'millwright', '--stdin'], { cwd, input: lines.join('') });
  return answer.stdout.toString('utf8').match(/^commit: ok$/gm)?.length ?? 0;
}

async function swapLocal(cwd: string, update: RefUpdate): Promise<RefVerdict> {
  const { ref, expected, next } = update;
  // git would delete whatever is there: it takes an old value of zeros for "any", but only in a delete.
  if (next === null && expected === null) return nothingToDelete;
  const log = ['-m', 'millwright', '--no-deref'];
  const args =
    next === null
      ? ['update-ref', ...log, '-d', ref, expected ?? ZERO]
      : ['update-ref', ...log, ref, next, expected ?? ZERO];
  const answer = await git(args, { cwd });
  return answer.code === 0 ? { result: 'moved' } : verdictOf(update, answer);
}

/** git says which of the two it was only in words; the locale is fixed to C. */
function verdictOf(update: RefUpdate, answer: GitResult): RefVerdict {
  const detail = answer.stderr;
  if (/No space left|Disk quota/i.test(detail)) throw diskFull(detail);
  if (
    /is at [0-9a-f]+ but expected|reference already exists|unable to resolve reference|Unable to create .*\.lock': File exists|reference is missing/.test(
      detail,
    )
  ) {
    return { result: 'lost', detail };
  }
  if (/ref updates aborted by hook/.test(detail)) {
    return { result: 'refused', detail, hint: 'look at the reference-transaction hook of this repository' };
  }
  if (/exists; cannot create/.test(detail)) return { result: 'refused', detail, hint: nameInTheWay };
  throw new MillwrightError('git-failed', `could not move ${update.ref}: ${detail}`, {
    retry: 'never',
    data: { ref: update.ref },
  });
}
