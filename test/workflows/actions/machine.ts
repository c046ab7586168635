import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cleanGitEnv, type ProcessResult, runProcess } from '../../support/run-process.ts';

/** The machine of one job: its folders, and what its steps have set for those that follow. */
export interface Machine {
  readonly workspace: string;
  readonly temp: string;
  readonly tools: string;
  /** Variables that every step sees, `GITHUB_*` among them. */
  readonly env: Record<string, string>;
  readonly path: string[];
  /** What steps have written to the summary of the job, in order. */
  summary: string;
  scripts: number;
}

export interface ScriptDone extends ProcessResult {
  readonly outputs: Readonly<Record<string, string>>;
}

export async function newMachine(top: string, env: Readonly<Record<string, string>>): Promise<Machine> {
  const folder = (name: string) => join(top, name);
  for (const name of ['workspace', 'temp', 'home']) await mkdir(folder(name), { recursive: true });
  const own = {
    RUNNER_TEMP: folder('temp'),
    RUNNER_TOOL_CACHE: folder('tools'),
    RUNNER_OS: 'Linux',
    RUNNER_ARCH: 'X64',
    GITHUB_WORKSPACE: folder('workspace'),
    GITHUB_ACTIONS: 'true',
    CI: 'true',
  };
  return {
    workspace: folder('workspace'),
    temp: folder('temp'),
    tools: folder('tools'),
    env: { ...(cleanGitEnv(folder('home')) as Record<string, string>), ...own, ...env },
    path: [],
    summary: '',
    scripts: 0,
  };
}

/** Runs the script of a `run:` step as a runner does, and takes in what it wrote to the command files. */
export async function runScript(
  machine: Machine,
  script: string,
  env: Readonly<Record<string, string>>,
): Promise<ScriptDone> {
  machine.scripts += 1;
  const place = (name: string) => join(machine.temp, `${name}-${machine.scripts}`);
  const files = { GITHUB_OUTPUT: place('output'), GITHUB_ENV: place('env'), GITHUB_PATH: place('path') };
  const all = { ...files, GITHUB_STEP_SUMMARY: place('summary') };
  for (const file of Object.values(all)) await writeFile(file, '');
  await writeFile(place('script'), script);
  const path = [...[...machine.path].reverse(), machine.env.PATH].join(':');
  const done = await runProcess('bash', ['--noprofile', '--norc', '-eo', 'pipefail', place('script')], {
    cwd: machine.workspace,
    env: { ...machine.env, ...env, PATH: path, ...all },
  });
  Object.assign(machine.env, pairs(await readFile(all.GITHUB_ENV, 'utf8')));
  const added = (await readFile(all.GITHUB_PATH, 'utf8')).split('\n').filter((line) => line !== '');
  machine.path.push(...added);
  machine.summary += await readFile(all.GITHUB_STEP_SUMMARY, 'utf8');
  return { ...done, outputs: pairs(await readFile(all.GITHUB_OUTPUT, 'utf8')) };
}

/** `name=value` lines, and `name<<END` with lines up to END. Throws for anything else, as a runner does. */
export function pairs(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (line === '') continue;
    const heredoc = /^([^=]+?)<<(.+)$/.exec(line);
    const plain = /^([^=]+)=(.*)$/.exec(line);
    if (heredoc !== null) {
      const end = lines.indexOf(heredoc[2] ?? '', at + 1);
      if (end === -1) throw new Error(`the command file never ends ${line}`);
      found[heredoc[1] ?? ''] = lines.slice(at + 1, end).join('\n');
      at = end;
    } else if (plain !== null) found[plain[1] ?? ''] = plain[2] ?? '';
    else throw new Error(`the command file has the line ${JSON.stringify(line)}`);
  }
  return found;
}

/** Stands for the hash of files: the same patterns, the same text. */
export function hashOf(patterns: readonly string[]): string {
  return createHash('sha256').update(patterns.join('\n')).digest('hex');
}
