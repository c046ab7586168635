import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanGitEnv } from '../../test/support/run-process.ts';
import { cpuMs } from './cpu-ms.ts';

export interface Done {
  readonly code: number;
  /** Milliseconds of wall time, start-up included. */
  readonly ms: number;
  /** Processor time of it and all that it has started; on a busy machine a better measure than the clock. */
  readonly cpuMs: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * A temporary folder and the processes that work in it. Each process leads a group of its own, so that it ends
 * with everything that it has started; when the benchmark ends, however it does, all of them end and the folder goes.
 */
export class Home {
  readonly dir = mkdtempSync(join(tmpdir(), 'millwright-bench-'));
  /** No configuration of this machine's user has a say in what is measured. */
  readonly env: NodeJS.ProcessEnv = {
    ...cleanGitEnv(this.dir),
    GIT_AUTHOR_NAME: 'Bench',
    GIT_AUTHOR_EMAIL: 'bench@example.invalid',
    GIT_COMMITTER_NAME: 'Bench',
    GIT_COMMITTER_EMAIL: 'bench@example.invalid',
  };
  readonly #running = new Set<ChildProcess>();

  constructor() {
    process.once('exit', () => this.#leave());
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => process.exit(130));
  }

  /** A script of our own that we talk with. */
  start(script: string, args: readonly string[]): ChildProcess {
    return this.#spawn(process.execPath, [script, ...args], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
  }

  /** Ends a process and all that it has started. */
  async end(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    killGroup(child);
    await gone;
  }

  /** Runs a program to its end, whatever that is. */
  run(program: string, args: readonly string[], cwd = this.dir, input?: Iterable<string>): Promise<Done> {
    const [since, cpuBefore] = [performance.now(), cpuMs()];
    return new Promise((resolve, reject) => {
      const child = this.#spawn(program, args, { cwd, stdio: ['pipe', 'pipe', 'pipe'] });
      const out: Buffer[] = [];
      const err: Buffer[] = [];
      child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
      child.stderr?.on('data', (chunk: Buffer) => err.push(chunk));
      child.on('error', reject);
      child.on('close', (code) => {
        const [stdout, stderr] = [out, err].map((chunks) => Buffer.concat(chunks).toString('utf8'));
        const spent = { ms: performance.now() - since, cpuMs: cpuMs() - cpuBefore };
        resolve({
          code: code ?? 1,
          ...spent,
          stdout: stdout ?? '',
          stderr: stderr ?? '',
        });
      });
      feed(child, input).catch(reject);
    });
  }

  /** As `run`, but anything but success is an error. */
  async must(
    program: string,
    args: readonly string[],
    cwd = this.dir,
    input?: Iterable<string>,
  ): Promise<Done> {
    const done = await this.run(program, args, cwd, input);
    if (done.code !== 0)
      throw new Error(`${program} ${args.join(' ')} ended with ${done.code}: ${done.stdout}${done.stderr}`);
    return done;
  }

  #spawn(program: string, args: readonly string[], options: SpawnOptions): ChildProcess {
    const child = spawn(program, args, { env: this.env, ...options, detached: true });
    this.#running.add(child);
    child.once('exit', () => this.#running.delete(child));
    return child;
  }

  #leave(): void {
    for (const child of this.#running) killGroup(child);
    rmSync(this.dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
}

async function feed({ stdin }: ChildProcess, input: Iterable<string> = []): Promise<void> {
  stdin?.on('error', () => undefined);
  for (const text of input) {
    if (stdin?.write(text) === false) await new Promise((resolve) => stdin.once('drain', resolve));
  }
  stdin?.end();
}

function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}
