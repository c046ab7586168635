import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Clock } from '../contracts/clock.ts';
import { MillwrightError } from '../contracts/millwright-error.ts';
import { CommandOutput } from './command-output.ts';
import { signalled } from './process-life.ts';
import type { Transcript } from './transcript.ts';

export interface CommandRun {
  readonly argv: readonly string[];
  /** Folder in which it runs. */
  readonly cwd: string;
  /** The whole environment: nothing is inherited. */
  readonly env: NodeJS.ProcessEnv;
  readonly stdin?: string;
  readonly timeLimitMs: number;
  /** Standard output and error together. */
  readonly outputLimitBytes: number;
  /** Between SIGTERM and SIGKILL. Default 5 s. */
  readonly graceMs?: number;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
  readonly transcript: Transcript;
  /** Called with the id of the process, which is the id of its group, before anything else can happen. */
  onStart?(pid: number): void;
}

export type StopReason = 'time' | 'output' | 'abort';

export interface CommandResult {
  readonly exit: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Why it was stopped; absent when it ended by itself. */
  readonly stopped?: StopReason;
  readonly durationMs: number;
  /** Printed, as far as the limit. */
  readonly bytes: number;
  /** The last 4 KB of what it printed, masked. */
  readonly tail: string;
  /** The end of its standard output, as it was, at most 4 MB. Never for people: it is not masked. */
  readonly stdout: string;
}

const GRACE_MS = 5_000;
/** For what a process that has left the group keeps open. */
const LAST_WORDS_MS = 500;
/** Timers of the platform cannot wait longer. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Runs a command as a process group of its own, and leaves nothing of that group behind. Its limits stop the
 * whole group: SIGTERM, then SIGKILL. Throws `command-not-found` when it cannot be started.
 */
export async function runCommand(run: CommandRun): Promise<CommandResult> {
  const since = run.clock.monotonicMs();
  const output = new CommandOutput(run.outputLimitBytes, run.transcript);
  if (run.signal?.aborted === true) return result(run, since, output, [null, null], 'abort');
  const child = start(run);
  const pid = child.pid;
  if (pid === undefined) throw await notStarted(child, run);
  run.onStart?.(pid);
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const closed = once(child, 'close');
  const limits = watch(run, pid);
  listen(child, output, () => limits.stop('output'));
  const exit = await ended;
  signalled(-pid, 'SIGKILL');
  const stopped = limits.end();
  await drained(run.clock, child, closed);
  output.end();
  return result(run, since, output, exit, stopped);
}

function start(run: CommandRun): ChildProcessWithoutNullStreams {
  const [program = '', ...args] = run.argv;
  const child = spawn(program, args, { cwd: run.cwd, env: run.env, stdio: 'pipe', detached: true });
  // A program that does not read its input to the end is free to.
  child.stdin.on('error', () => undefined);
  child.stdin.end(run.stdin ?? '');
  return child;
}

async function notStarted(child: ChildProcessWithoutNullStreams, run: CommandRun): Promise<MillwrightError> {
  const [cause] = (await once(child, 'error')) as [Error];
  const program = run.argv[0] ?? '';
  return new MillwrightError(
    'command-not-found',
    `could not start ${JSON.stringify(program)}: ${cause.message}`,
    {
      hint: 'install it, or give the command with its full path',
      data: { program },
      cause,
    },
  );
}

/** The limits of a run: whichever comes first stops the group. */
function watch({ clock, signal, timeLimitMs, graceMs }: CommandRun, pid: number) {
  const over = new AbortController();
  let stopped: StopReason | undefined;
  const after = (ms: number, act: () => void) => {
    const waiting = clock.sleep(Math.min(ms, LONGEST_MS), over.signal);
    void waiting.then(() => over.signal.aborted || act());
  };
  const stop = (why: StopReason) => {
    if (stopped !== undefined || over.signal.aborted) return;
    stopped = why;
    signalled(-pid, 'SIGTERM');
    after(graceMs ?? GRACE_MS, () => signalled(-pid, 'SIGKILL'));
  };
  const abort = () => stop('abort');
  signal?.addEventListener('abort', abort, { once: true });
  if (signal?.aborted === true) abort();
  after(timeLimitMs, () => stop('time'));
  const end = () => {
    over.abort();
    signal?.removeEventListener('abort', abort);
    return stopped;
  };
  return { stop, end };
}

function listen(child: ChildProcessWithoutNullStreams, output: CommandOutput, full: () => void): void {
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('error', () => undefined);
    child[name].on('data', (chunk: Buffer) => {
      if (!output.take(name, chunk)) full();
    });
  }
}

async function drained(
  clock: Clock,
  child: ChildProcessWithoutNullStreams,
  closed: Promise<unknown>,
): Promise<void> {
  const enough = new AbortController();
  await Promise.race([closed, clock.sleep(LAST_WORDS_MS, enough.signal)]);
  enough.abort();
  child.stdout.destroy();
  child.stderr.destroy();
}

function result(
  run: CommandRun,
  since: number,
  output: CommandOutput,
  [exit, signal]: readonly [number | null, NodeJS.Signals | null],
  stopped: StopReason | undefined,
): CommandResult {
  const { bytes, tail, stdout } = output;
  const durationMs = run.clock.monotonicMs() - since;
  return { exit, signal, ...(stopped === undefined ? {} : { stopped }), durationMs, bytes, tail, stdout };
}
