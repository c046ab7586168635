import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Kind } from '../../src/contracts/kind.ts';
import { findKind } from '../../src/contracts/kinds.ts';
import { ObjectStore } from '../../src/git/object-store.ts';
import { openRepository } from '../../src/git/repository.ts';
import { rowsOf } from '../../src/history/rows.ts';
import { median } from '../measure.ts';
import type { Home } from '../queue/home.ts';
import { openIn } from './open-at.ts';
import { queryCount } from './query-count.ts';
import { selectFrom } from './raw-statements.ts';
import { furtherSegment } from './synthetic-history.ts';
import { commitSegment, type WrittenHistory } from './write-history.ts';

export interface NewSegment {
  /** From a committed segment to a count that has it in, in a process that has the repository open: opening, loading, asking. */
  readonly ms: number;
  /** The longest of them: now and then the projection is made anew. */
  readonly longest_ms: number;
  /** The same with nothing new. */
  readonly nothing_new_ms: number;
  /** A whole `millwright query` that finds the new segment. */
  readonly process_ms: number;
  /** Into the database of the raw load: opening, `INSERT` from `read_json`, asking. */
  readonly raw_ms: number;
}

const COUNT = 'SELECT count(*) AS n FROM outcome';

/** Closed segments of 256 KiB, one after the other, each in a commit of its own. The history is longer afterwards. */
export async function measureNewSegment(
  home: Home,
  history: WrittenHistory,
  rawDatabase: string,
  { times, seed }: { times: number; seed: number },
): Promise<NewSegment> {
  const store = new ObjectStore(await openRepository(history.root));
  const countOutcomes = () => countIn(history.root, store);
  let expected = await countOutcomes();
  const [fresh, idle, raw, whole]: [number[], number[], number[], number[]] = [[], [], [], []];
  for (let nth = 0; nth < times; nth += 1) {
    const segment = furtherSegment(history.records, nth, seed);
    idle.push(await timed(countOutcomes, expected));
    await commitSegment(home, history.root, segment);
    expected += segment.records;
    fresh.push(await timed(countOutcomes, expected));
    if (nth < 3) whole.push(await timed(async () => (await queryCount(history.root)).outcomes, expected));
    raw.push(await timed(() => loadRaw(rawDatabase, join(history.root, segment.path)), expected));
  }
  store.close();
  return {
    ms: median(fresh),
    longest_ms: Math.max(...fresh),
    nothing_new_ms: median(idle),
    process_ms: median(whole),
    raw_ms: median(raw),
  };
}

async function timed(count: () => Promise<number>, expected: number): Promise<number> {
  const since = performance.now();
  const found = await count();
  const ms = performance.now() - since;
  if (found !== expected) throw new Error(`expected ${expected} outcomes, found ${found}`);
  return ms;
}

async function countIn(root: string, store: ObjectStore): Promise<number> {
  const { connection, close } = await openIn(root, store);
  try {
    return (await rowsOf<{ n: number }>(connection, COUNT))[0]?.n ?? 0;
  } finally {
    close();
  }
}

async function loadRaw(database: string, file: string): Promise<number> {
  const instance = await DuckDBInstance.create(database);
  const connection = await instance.connect();
  try {
    await connection.run(`INSERT INTO outcome ${selectFrom(file, findKind('outcome') as Kind)}`);
    return (await rowsOf<{ n: number }>(connection, COUNT))[0]?.n ?? 0;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
