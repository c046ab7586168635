import { join } from 'node:path';
import { watch as watchFiles } from 'chokidar';
import type { PassContext } from '../ledger/controller.ts';
import { INBOX, PERSONAS } from '../ledger/paths.ts';
import { type Alarm, createAlarm } from './alarm.ts';
import { type PassOptions, type PassReport, runPass } from './run-pass.ts';

export interface WatchOptions extends PassOptions {
  readonly signal: AbortSignal;
  /** After every pass that did something or could not; `warnings` are those that were not told before. */
  onPass(report: PassReport, warnings: readonly string[]): void;
  /** A pass that failed as a whole. Watching goes on. */
  onError(error: unknown): void;
}

/** Several files that arrive together are one pass. Milliseconds. */
const GATHER_MS = 25;

/** How long a pass that is under way may take to end when the watcher is told to stop. Milliseconds. */
const DRAIN_MS = 3_000;

/**
 * Runs a pass whenever something may have changed: a file in the inbox, a persona, a local branch, or at the
 * latest after `watch.poll_seconds`, which also asks the remote. What woke it is ignored: a pass looks at
 * everything. When the signal aborts, the pass that is under way ends between two steps; one that hangs, on
 * a remote for example, is left where it is, and the next pass of anybody completes it.
 */
export async function watchWorkspace(context: PassContext, options: WatchOptions): Promise<void> {
  const { clock } = context.workspace;
  const alarm = createAlarm(clock);
  options.signal.addEventListener('abort', alarm.ring, { once: true });
  const watcher = watchPlaces(context, options, alarm);
  const told = new Set<string>();
  try {
    while (!options.signal.aborted) {
      await alarm.rest(GATHER_MS);
      const wait = await orDrained(passOnce(context, options, told), context, options.signal);
      await alarm.wait(wait);
    }
  } finally {
    await watcher.close();
  }
}

function watchPlaces({ workspace }: PassContext, options: WatchOptions, alarm: Alarm) {
  const { root, repository } = workspace;
  const places = [join(root, INBOX), join(root, PERSONAS), join(repository.commonDir, 'refs', 'heads')];
  const watcher = watchFiles(places, { ignoreInitial: true, ignored: (path) => /\.lock$|\.tmp$/.test(path) });
  watcher.on('all', alarm.ring);
  // What arrived between the first pass and this moment has rung nowhere.
  watcher.on('ready', alarm.ring);
  watcher.on('error', (error) => options.onError(error));
  return watcher;
}

/** @returns how long to sleep at most, in milliseconds */
async function passOnce(context: PassContext, options: WatchOptions, told: Set<string>): Promise<number> {
  const { workspace } = context;
  const pollMs = workspace.settings.watch.poll_seconds * 1_000;
  try {
    const report = await runPass(context, options);
    const warnings = news(workspace.warnings.splice(0), told);
    if (report.changed || report.failures.length > 0 || warnings.length > 0) options.onPass(report, warnings);
    return report.settling > 0 ? 1_000 : pollMs;
  } catch (error) {
    options.onError(error);
    return Math.min(pollMs, 5_000);
  }
}

/** A state that lasts is told once, not at every poll; when it is over and comes back, it is told again. */
function news(warnings: readonly string[], told: Set<string>): string[] {
  const now = new Set(warnings);
  const fresh = [...now].filter((warning) => !told.has(warning));
  told.clear();
  for (const warning of now) told.add(warning);
  return fresh;
}

async function orDrained(pass: Promise<number>, { workspace }: PassContext, signal: AbortSignal) {
  const ended = new AbortController();
  const drained = new Promise<number>((resolve) => {
    const drain = () => void workspace.clock.sleep(DRAIN_MS, ended.signal).then(() => resolve(0));
    signal.addEventListener('abort', drain, { once: true });
    ended.signal.addEventListener('abort', () => signal.removeEventListener('abort', drain));
  });
  try {
    return await Promise.race([pass, drained]);
  } finally {
    ended.abort();
  }
}
