import { join } from 'node:path';
import { watch as watchFiles } from 'chokidar';
import type { PassContext } from '../ledger/controller.ts';
import { INBOX, PERSONAS } from '../ledger/paths.ts';
import { type PassOptions, type PassReport, runPass } from './run-pass.ts';

export interface WatchOptions extends PassOptions {
  readonly signal: AbortSignal;
  onPass(report: PassReport): void;
  /** A pass that failed as a whole. Watching goes on. */
  onError(error: unknown): void;
}

/** Several files that arrive together are one pass. Milliseconds. */
const GATHER_MS = 25;

/**
 * Runs a pass whenever something may have changed: a file in the inbox, a persona, a local branch, or at the
 * latest after `watch.poll_seconds`, which also asks the remote. What woke it is ignored: a pass looks at
 * everything. Ends when the signal aborts, after the pass that is under way.
 */
export async function watchWorkspace(context: PassContext, options: WatchOptions): Promise<void> {
  const { workspace } = context;
  const alarm = wakeUp(options.signal);
  const places = [
    join(workspace.root, INBOX),
    join(workspace.root, PERSONAS),
    join(workspace.repository.commonDir, 'refs', 'heads'),
  ];
  const watcher = watchFiles(places, { ignoreInitial: true, ignored: (path) => /\.lock$|\.tmp$/.test(path) });
  watcher.on('all', () => alarm.ring());
  watcher.on('error', (error) => options.onError(error));
  try {
    while (!options.signal.aborted) {
      await alarm.gather(workspace.clock.sleep, GATHER_MS);
      const wait = await passOnce(context, options);
      await alarm.wait(wait);
    }
  } finally {
    await watcher.close();
  }
}

/** @returns how long to sleep at most, in milliseconds */
async function passOnce(context: PassContext, options: WatchOptions): Promise<number> {
  const pollMs = context.workspace.settings.watch.poll_seconds * 1_000;
  try {
    const report = await runPass(context, options);
    if (report.changed || report.failures.length > 0) options.onPass(report);
    return report.settling > 0 ? 1_000 : pollMs;
  } catch (error) {
    options.onError(error);
    return Math.min(pollMs, 5_000);
  }
}

interface Alarm {
  ring(): void;
  wait(ms: number): Promise<void>;
  gather(sleep: (ms: number) => Promise<void>, ms: number): Promise<void>;
}

/** Rings that arrive while a pass is under way are kept: the next wait returns at once. */
function wakeUp(signal: AbortSignal): Alarm {
  let rang = false;
  let wake: (() => void) | undefined;
  const ring = () => {
    rang = true;
    wake?.();
  };
  signal.addEventListener('abort', ring, { once: true });
  return {
    ring,
    wait: (ms) =>
      new Promise((resolve) => {
        if (rang) return resolve();
        const timer = setTimeout(ring, ms);
        wake = () => {
          clearTimeout(timer);
          wake = undefined;
          resolve();
        };
      }),
    gather: async (sleep, ms) => {
      if (rang) await sleep(ms);
      rang = false;
    },
  };
}
