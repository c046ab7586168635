import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { MillwrightError } from '../contracts/millwright-error.ts';
import { maskSecrets } from '../contracts/secrets.ts';

export interface GitRun {
  /** Folder in which git runs. */
  readonly cwd: string;
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface GitResult {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Runs the `git` program and returns its answer whatever the exit code. Arguments never pass a shell. */
export async function git(args: readonly string[], run: GitRun): Promise<GitResult> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', args, {
      cwd: run.cwd,
      env: gitEnvironment(run.env),
      signal: run.signal,
      stdio: 'pipe',
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    // A program that stops reading early says why on stderr; the broken pipe itself is no news.
    child.stdin.on('error', () => undefined);
    child.on('error', (cause) => reject(cannotRun(cause, run.cwd)));
    child.on('close', (code) => {
      const words = maskSecrets(Buffer.concat(stderr).toString('utf8').trim());
      resolve({ code: code ?? 128, stdout: Buffer.concat(stdout), stderr: words });
    });
    child.stdin.end(run.input);
  });
}

/** The trimmed standard output of a git command that has to succeed. */
export async function gitText(args: readonly string[], run: GitRun): Promise<string> {
  return (await gitBytes(args, run)).toString('utf8').trim();
}

export async function gitBytes(args: readonly string[], run: GitRun): Promise<Buffer> {
  const result = await git(args, run);
  if (result.code !== 0) throw gitFailed(args, result);
  return result.stdout;
}

export function gitFailed(args: readonly string[], result: GitResult): MillwrightError {
  const noSpace = /No space left on device|Disk quota exceeded/i.test(result.stderr);
  if (noSpace) return diskFull(result.stderr);
  return new MillwrightError(
    'git-failed',
    `git ${args[0] ?? ''} failed with exit code ${result.code}: ${result.stderr}`,
    {
      retry: 'never',
      data: { args: args.map(maskSecrets), code: result.code },
    },
  );
}

export function diskFull(detail: string, cause?: unknown): MillwrightError {
  return new MillwrightError('disk-full', `no space left while writing to the repository: ${detail}`, {
    hint: 'free some space and run the command again; nothing was half done',
    retry: 'when-input-changes',
    cause,
  });
}

function cannotRun(cause: Error, cwd: string): MillwrightError {
  const missing = 'code' in cause && cause.code === 'ENOENT';
  // The system reports a missing folder in the same words as a missing program.
  if (missing && !existsSync(cwd)) return noFolder(cwd, cause);
  return new MillwrightError(
    'git-missing',
    missing ? 'the git program was not found' : `git could not be started: ${cause.message}`,
    {
      hint: 'install git 2.30 or newer and make sure that it is on the PATH',
      cause,
    },
  );
}

function noFolder(folder: string, cause: Error): MillwrightError {
  return new MillwrightError('no-repository', `there is no folder ${folder}`, { cause, data: { folder } });
}

/** Repository variables of a calling hook would point git elsewhere; prompts would hang a daemon. */
export function gitEnvironment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const inherited = { ...process.env };
  for (const name of [
    'GIT_DIR',
    'GIT_WORK_TREE',
    'GIT_INDEX_FILE',
    'GIT_OBJECT_DIRECTORY',
    'GIT_ALTERNATE_OBJECT_DIRECTORIES',
    'GIT_PREFIX',
    'GIT_COMMON_DIR',
    'GIT_LITERAL_PATHSPECS',
    'GIT_GLOB_PATHSPECS',
    'GIT_NOGLOB_PATHSPECS',
    'GIT_ICASE_PATHSPECS',
  ]) {
    delete inherited[name];
  }
  return { ...inherited, LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0', ...extra };
}
