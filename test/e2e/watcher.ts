import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';

export interface Watcher extends AsyncDisposable {
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Sends a signal and tells how it ended, and after how many milliseconds. */
  stop(signal: NodeJS.Signals): Promise<{ code: number | null; ms: number }>;
}

/** `millwright run --watch --json` as a process of its own. Resolves when it says that it is watching. */
export async function startWatcher(main: string, dir: string): Promise<Watcher> {
  const child = spawn(process.execPath, [main, 'run', '--watch', '--json'], { cwd: dir });
  const text = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text.stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (text.stderr += chunk));
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  const stop = async (signal: NodeJS.Signals) => {
    const since = performance.now();
    child.kill(signal);
    return { code: await ended, ms: performance.now() - since };
  };
  await until(() => text.stderr.includes('watching '), 10_000);
  return {
    stdout: () => text.stdout,
    stderr: () => text.stderr,
    stop,
    [Symbol.asyncDispose]: async () => {
      await stop('SIGKILL');
    },
  };
}

/** Looks again and again until it is true. Throws when it is not by `withinMs`. */
export async function until(isTrue: () => boolean | Promise<boolean>, withinMs: number): Promise<void> {
  const since = performance.now();
  while (!(await isTrue())) {
    if (performance.now() - since > withinMs)
      throw new Error(`not true within ${withinMs} ms: ${String(isTrue)}`);
    await pause(25);
  }
}
