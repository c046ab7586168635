import { execFile } from 'node:child_process';

export interface ProcessResult {
  code: number;
  stdout: string;
  stderr: string;
}

export interface ProcessOptions {
  cwd?: string;
  /** The whole environment: nothing is inherited. */
  env: NodeJS.ProcessEnv;
}

/**
 * Runs a program to its end and returns its exit code and text, whatever the code is.
 * Rejects when the program cannot be started or is ended by a signal.
 */
export function runProcess(
  file: string,
  args: readonly string[],
  options: ProcessOptions,
): Promise<ProcessResult> {
  return new Promise((resolve, reject) => {
    const child = execFile(file, args, { ...options, maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      if (error === null) return resolve({ code: 0, stdout, stderr });
      if (typeof error.code === 'number') return resolve({ code: error.code, stdout, stderr });
      reject(new Error(`${file} did not run to its end: ${error.message}`, { cause: error }));
    });
    // A program that reads its input must see the end of it, not wait for a person.
    child.stdin?.end();
  });
}

/** As `runProcess`, but returns the trimmed output and rejects with the error text on a code other than 0. */
export async function outputOf(
  file: string,
  args: readonly string[],
  options: ProcessOptions,
): Promise<string> {
  const { code, stdout, stderr } = await runProcess(file, args, options);
  if (code !== 0) throw new Error(`${file} ${args.join(' ')} ended with ${code}: ${stderr.trim()}`);
  return stdout.trim();
}

/**
 * An environment for git that nothing on this machine can change: no user or system configuration,
 * no proxy, no agent, no askpass, no prompt, and messages in English.
 */
export function cleanGitEnv(home: string): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: home,
    LC_ALL: 'C.UTF-8',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
  };
}
