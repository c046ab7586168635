import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { percentile } from './percentile.ts';
import { allReady, playWindow } from './play-window.ts';
import { copyClones, type PreparedQueue } from './prepare-queue.ts';
import type { Stage } from './run-round.ts';

export interface Growth {
  readonly finished_slots: number;
  /** Median milliseconds of a claim. */
  readonly empty_ms: number;
  readonly grown_ms: number;
  readonly ratio: number;
  readonly git_bytes_per_slot: number;
  readonly load_average: number;
}

/** Whether finished slots make a claim dearer: one worker claims from an empty and a grown ledger in turn. */
export async function measureGrowth(
  { home, server }: Stage,
  empty: PreparedQueue,
  grown: PreparedQueue,
  { finished, seconds }: { finished: number; seconds: number },
): Promise<Growth> {
  const dir = join(home.dir, 'growth');
  const clones: string[] = [];
  for (const queue of [empty, grown]) {
    const repository = await server.serve(queue.bare);
    const folder = join(dir, String(clones.length));
    await mkdir(folder, { recursive: true });
    clones.push(...(await copyClones(home, queue.clone, folder, repository.url, 1)));
  }
  const child = home.start(join(home.dir, 'scripts/growth-process.mjs'), clones);
  await allReady([child]);
  const { inside, loadAverage } = await playWindow(server, [child], seconds);
  await home.end(child);
  await rm(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  const timesOf = (turn: number) =>
    inside.flat().flatMap(({ what, ms }) => (what.startsWith(`${turn}:`) ? [ms] : []));
  const [empty_ms, grown_ms] = [percentile(timesOf(0), 0.5), percentile(timesOf(1), 0.5)];
  const bytes = await bytesOf(home, grown.bare);
  return {
    finished_slots: finished,
    empty_ms,
    grown_ms,
    ratio: grown_ms / empty_ms,
    git_bytes_per_slot: bytes / finished,
    load_average: loadAverage,
  };
}

/** As the disk has it, in blocks. */
async function bytesOf(home: Stage['home'], folder: string): Promise<number> {
  const { stdout } = await home.must('du', ['-sk', folder]);
  return Number(stdout.split('\t')[0]) * 1_024;
}
