import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Measured, measureNode, median } from '../measure.ts';
import type { Home } from '../queue/home.ts';
import { rawTables } from './raw-statements.ts';
import { runRaw } from './run-raw.ts';
import { cli, type WrittenHistory } from './write-history.ts';

export interface Rebuild {
  /** Median times of whole processes, start-up included. */
  readonly ms: number;
  readonly raw_ms: number;
  /** Peak resident memory, the most of all runs. */
  readonly mb: number;
  readonly raw_mb: number;
  /** The database that the last raw load has left. */
  readonly rawDatabase: string;
}

/** `millwright rebuild` and a bare `read_json` of the same files in turns, so that both meet the same machine. */
export async function measureRebuild(home: Home, history: WrittenHistory, times: number): Promise<Rebuild> {
  const rawDatabase = join(home.dir, `raw-${history.records}.duckdb`);
  const [ours, raw]: [Measured[], Measured[]] = [[], []];
  for (let at = 0; at < times; at += 1) {
    await rm(rawDatabase, { force: true });
    raw.push(await runRaw(rawDatabase, rawTables(history.root)));
    const rebuilt = await must([cli, 'rebuild', '--json', '--workspace', history.root], history.root);
    mustHoldAll(rebuilt, history);
    ours.push(rebuilt);
  }
  return {
    ms: median(ours.map(({ ms }) => ms)),
    raw_ms: median(raw.map(({ ms }) => ms)),
    mb: Math.max(...ours.map(({ peakMb }) => peakMb)),
    raw_mb: Math.max(...raw.map(({ peakMb }) => peakMb)),
    rawDatabase,
  };
}

async function must(args: readonly string[], cwd: string): Promise<Measured> {
  const done = await measureNode(args, cwd);
  if (done.code !== 0) throw new Error(`${args.join(' ')} ended with ${done.code}: ${done.stdout}`);
  return done;
}

function mustHoldAll({ stdout }: Measured, { counts }: WrittenHistory): void {
  const { records } = JSON.parse(stdout) as { records: Readonly<Record<string, number>> };
  for (const [kind, count] of counts) {
    if (records[kind] !== count) throw new Error(`expected ${count} of ${kind}, found ${records[kind]}`);
  }
}
