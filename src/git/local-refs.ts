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
      const verdicts: RefVerdict[] = [];
      // One process each: a single `--stdin` call is one transaction, in which one loser fails them all.
      for (const update of updates) verdicts.push(await swapLocal(cwd, update));
      return verdicts;
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
