import { type ChildProcess, spawn } from 'node:child_process';
import { cleanGitEnv } from '../support/run-process.ts';

/** A process that is started again whenever it was killed. */
export interface Member {
  readonly name: string;
  /** Everything it has printed, over all its lives. */
  readonly out: () => string;
  readonly err: () => string;
  /** True while it is stopped by a signal. */
  readonly paused: () => boolean;
  start(): void;
  /** SIGKILL: nothing is flushed, closed or freed. */
  kill(): Promise<void>;
  pause(): void;
  resume(): void;
  /** SIGTERM, and the exit code. */
  stop(): Promise<number | null>;
}

export interface MemberOptions {
  readonly name: string;
  readonly home: string;
  readonly cwd?: string;
  /** Words before `node`. */
  readonly before?: readonly string[];
  /** Words after `node`, asked for anew at every start. */
  args(): readonly string[];
}

const running = new Set<ChildProcess>();
// A test that is ended by its time limit leaves nothing behind.
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export function member({ name, home, cwd, before = [], args }: MemberOptions): Member {
  const text = { out: '', err: '' };
  let child: ChildProcess | undefined;
  let ended: Promise<number | null> = Promise.resolve(null);
  let paused = false;
  const send = (signal: NodeJS.Signals) => child?.kill(signal);
  const resume = () => {
    if (paused) send('SIGCONT');
    paused = false;
  };
  return {
    name,
    out: () => text.out,
    err: () => text.err,
    paused: () => paused,
    start: () => {
      paused = false;
      const [program = '', ...words] = [...before, process.execPath, ...args()];
      const started = spawn(program, words, {
        env: { ...cleanGitEnv(home), MILLWRIGHT_DEBUG: '1' },
        stdio: ['ignore', 'pipe', 'pipe'],
        ...(cwd === undefined ? {} : { cwd }),
      });
      started.stdout.setEncoding('utf8').on('data', (words: string) => (text.out += words));
      started.stderr.setEncoding('utf8').on('data', (words: string) => (text.err += words));
      running.add(started);
      ended = new Promise((resolve) => started.once('close', (code) => resolve(code)));
      void ended.then(() => running.delete(started));
      child = started;
    },
    kill: async () => {
      send('SIGKILL');
      await ended;
    },
    pause: () => {
      send('SIGSTOP');
      paused = true;
    },
    resume,
    stop: async () => {
      resume();
      send('SIGTERM');
      return ended;
    },
  };
}
