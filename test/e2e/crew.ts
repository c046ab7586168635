import { type ChildProcess, spawn } from 'node:child_process';
import { appendFile, mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { GitFolder } from '../support/git-folder.ts';
import { outcomeText } from './prepared-workspace.ts';

/** Works until the signal aborts, and says then what it has done. */
export interface Shift {
  readonly random: () => number;
  readonly signal: AbortSignal;
}

/** Drops valid contracts into the inbox, some of them twice. Returns their ids. */
export async function dropContracts(folder: GitFolder, prefix: string, shift: Shift): Promise<string[]> {
  const ids: string[] = [];
  while (!shift.signal.aborted) {
    const id = `${prefix}-${ids.length}`;
    const text = outcomeText(`work ${id}`, { id });
    await dropOne(folder, `${id}.json`, text, shift.random() < 0.5);
    if (shift.random() < 0.2) await dropOne(folder, `${id}-again.json`, text, true);
    ids.push(id);
    await pause(shift.random() * 40);
  }
  return ids;
}

/** Either complete from the first moment, or as a plain program writes: made, then filled. */
async function dropOne(folder: GitFolder, name: string, text: string, atOnce: boolean): Promise<void> {
  const path = join(folder.dir, 'queue/inbox/outcome', name);
  await mkdir(dirname(path), { recursive: true });
  if (!atOnce) return writeFile(path, text);
  // Outside the checkout, where no person adds it to a commit halfway.
  const draft = join(dirname(folder.dir), name);
  await writeFile(draft, text);
  await rename(draft, path);
}

export interface Work {
  /** Files that the person has committed, with their content. */
  readonly files: ReadonlyMap<string, string>;
  /** What git said when a command had to be tried again. */
  readonly retries: readonly string[];
}

/**
 * A person at the checkout: makes files, goes on writing in one of them, commits. As people do, now with the
 * names of the files, now with everything that lies there, now with `commit -a`.
 * @param share called after every commit, for a person who works with others
 */
export async function workByHand(
  folder: GitFolder,
  shift: Shift,
  share?: (attempt: Attempt) => Promise<void>,
): Promise<Work> {
  const files = new Map<string, string>([['notes.md', await folder.read('notes.md')]]);
  const retries: string[] = [];
  const attempt: Attempt = (...args) => persist(folder, retries, args);
  for (let n = 0; !shift.signal.aborted; n += 1) {
    const own = `desk/page-${n}.txt`;
    await folder.write(own, `page ${n}\n`);
    await appendFile(join(folder.dir, 'notes.md'), `note ${n}\n`);
    await attempt('add', '-A', ...(shift.random() < 0.3 ? [] : ['--', 'desk', 'notes.md']));
    await attempt('commit', '-q', ...(shift.random() < 0.3 ? ['-a'] : []), '-m', `Page ${n}`);
    files.set(own, `page ${n}\n`).set('notes.md', `${files.get('notes.md') ?? ''}note ${n}\n`);
    await share?.(attempt);
    await pause(shift.random() * 120);
  }
  return { files, retries };
}

export type Attempt = (...args: string[]) => Promise<void>;

/** A person whose command meets a lock, or a moved branch, reads what git says and does it again. */
async function persist(folder: GitFolder, retries: string[], args: readonly string[]): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const { code, stdout, stderr } = await folder.gitCode(...args);
    if (code === 0 || /nothing to commit|nothing added to commit/.test(stdout)) return;
    retries.push(`${args.join(' ')}: ${stderr}${stdout}`.trim());
    await pause(20);
  }
  const state = await folder.git('status', '--branch', '--porcelain');
  throw new Error(
    `git ${args.join(' ')} never went through: ${[...new Set(retries)].slice(-5).join('\n')}\n${state}`,
  );
}

export interface Runner {
  /** What it printed about passes that failed. */
  readonly said: string[];
  stop(signal: NodeJS.Signals): Promise<void>;
}

/** A process that runs passes until it is stopped. */
export function startRunner(script: string, root: string): Runner {
  const child = spawn(process.execPath, [script, root], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => said.push(text));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return { said, stop: (signal) => stopChild(child, ended, signal) };
}

async function stopChild(child: ChildProcess, ended: Promise<void>, signal: NodeJS.Signals): Promise<void> {
  child.kill(signal);
  await ended;
}

/** Runners that are killed without warning now and then, each followed by a new one at once. */
export async function runAndKill(
  script: string,
  root: string,
  shift: Shift,
  killEveryMs: number,
): Promise<string[]> {
  const said: string[] = [];
  while (!shift.signal.aborted) {
    const runner = startRunner(script, root);
    await pause(killEveryMs * (0.3 + shift.random()), undefined, { signal: shift.signal }).catch(
      () => undefined,
    );
    await runner.stop(shift.signal.aborted ? 'SIGTERM' : 'SIGKILL');
    said.push(...runner.said);
  }
  return said;
}
