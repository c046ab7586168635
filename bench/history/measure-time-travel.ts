import { ObjectStore } from '../../src/git/object-store.ts';
import { openRepository } from '../../src/git/repository.ts';
import { rowsOf } from '../../src/history/rows.ts';
import { median } from '../measure.ts';
import type { CommittedHistory, Mark } from './commit-by-commit.ts';
import { openIn } from './open-at.ts';
import { queryCount } from './query-count.ts';
import { runRaw } from './run-raw.ts';

export interface TimeTravel {
  /** Whole processes. The first question at a commit, while only the present has been asked before; the slowest. */
  readonly first_ms: number;
  /** The same question again. */
  readonly again_ms: number;
  /** The same question again in a process that has the repository open, as the shell asks it. */
  readonly shell_ms: number;
  /** A question about the present, for comparison. */
  readonly now_ms: number;
  /** A process with nothing but DuckDB that asks the database of the bare load. */
  readonly bare_ms: number;
}

/** Asks at several commits how many outcomes there were, and holds the answer against what was committed. */
export async function measureTimeTravel(
  { root, marks }: CommittedHistory,
  rawDatabase: string,
  runs: number,
): Promise<TimeTravel> {
  // This one makes the projection.
  await queryCount(root);
  const [now, bare]: [number[], number[]] = [[], []];
  for (let run = 0; run < runs; run += 1) {
    now.push((await queryCount(root)).ms);
    bare.push((await runRaw(rawDatabase, ['SELECT count(*) FROM outcome'])).ms);
  }
  const [first, again]: [number[], number[]] = [[], []];
  for (const mark of marks) {
    first.push(await timeAt(root, mark));
    for (let run = 0; run < runs; run += 1) again.push(await timeAt(root, mark));
  }
  return {
    first_ms: Math.max(...first),
    again_ms: median(again),
    shell_ms: await askInShell(root, marks, runs),
    now_ms: median(now),
    bare_ms: median(bare),
  };
}

async function askInShell(root: string, marks: readonly Mark[], runs: number): Promise<number> {
  const store = new ObjectStore(await openRepository(root));
  const again: number[] = [];
  try {
    for (const { commit, outcomes: expected } of marks) {
      for (let run = 0; run <= runs; run += 1) {
        const since = performance.now();
        const { connection, close } = await openIn(root, store, commit);
        const [row] = await rowsOf<{ n: number }>(connection, 'SELECT count(*) AS n FROM outcome');
        close();
        if (run > 0) again.push(performance.now() - since);
        if (row?.n !== expected)
          throw new Error(`expected ${expected} outcomes at ${commit}, found ${row?.n}`);
      }
    }
  } finally {
    store.close();
  }
  return median(again);
}

async function timeAt(root: string, { commit, outcomes: expected }: Mark): Promise<number> {
  const { ms, outcomes } = await queryCount(root, ['--at', commit]);
  if (outcomes !== expected) throw new Error(`expected ${expected} outcomes at ${commit}, found ${outcomes}`);
  return ms;
}
