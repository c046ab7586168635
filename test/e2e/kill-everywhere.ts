import { spawn } from 'node:child_process';
import { cp, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { GitFolder } from '../support/git-folder.ts';
import { type EndState, endState } from './end-state.ts';

export interface Killed {
  /** The fault points of an undisturbed run, in order. */
  readonly points: readonly string[];
  /** Its end state. */
  readonly goal: EndState;
  /** What was different after a kill and the recovery from it. */
  readonly wrong: readonly unknown[];
}

export interface KillPlan {
  /** The built `fixtures/pass-child.ts`. */
  readonly child: string;
  readonly argv: readonly string[];
  /** What a person or a daemon does after the kill. */
  recover(dir: string): Promise<unknown>;
  /** Chooses the visits at which to kill; without it, all of them. */
  choose?(points: readonly string[]): readonly number[];
}

/**
 * Runs a command once on a copy of `folder` and notes each place where a process may die. Then, for each of
 * them, on a fresh copy: runs it in a process that is killed there, recovers, and compares.
 */
export async function killEverywhere(folder: GitFolder, plan: KillPlan): Promise<Killed> {
  const visits = join(dirname(folder.dir), 'visits');
  const whole = await copyOf(folder, 'whole');
  const undisturbed = await ending(plan, whole, visits);
  if (undisturbed.code !== 0) throw new Error(`the command failed: ${undisturbed.stderr}`);
  await plan.recover(whole);
  const { state: goal, faults } = await endState(whole);
  await rm(whole, { recursive: true });
  if (faults.length > 0) throw new Error(`faults without any kill: ${faults.join('\n')}`);
  const points = (await readFile(visits, 'utf8')).trim().split('\n');
  await rm(visits);
  const left = (plan.choose?.(points) ?? [...points.keys()]).values();
  const wrong: unknown[] = [];
  const worker = async () => {
    for (const at of left) wrong.push(...(await killOnce(folder, plan, at, points[at] ?? '', goal)));
  };
  // Two at once: much of the time goes into waiting for git.
  await Promise.all([worker(), worker()]);
  return { points, goal, wrong };
}

/** The visits that stand between two commits: enough where the inside of a commit has been killed before. */
export function betweenCommits(points: readonly string[]): number[] {
  return [...points.keys()].filter((at) => /^(?:log:published|proposal:|review:)/.test(points[at] ?? ''));
}

/**
 * Every third visit, beginning anywhere, and the first visit of each place. `npm run chaos` kills at all of them
 * (MILLWRIGHT_KILL=all).
 */
export function sampleOf(points: readonly string[]): number[] {
  const all = [...points.keys()];
  if (process.env.MILLWRIGHT_KILL === 'all') return all;
  const from = Math.floor(Math.random() * 3);
  return all.filter((at) => at % 3 === from || points.indexOf(points[at] ?? '') === at);
}

async function killOnce(
  folder: GitFolder,
  plan: KillPlan,
  at: number,
  point: string,
  goal: EndState,
): Promise<unknown[]> {
  const dir = await copyOf(folder, `killed-${at}`);
  const dead = await ending(plan, dir, String(at));
  if (dead.signal !== 'SIGKILL') return [{ at, point, dead }];
  await plan.recover(dir);
  const { state, faults } = await endState(dir);
  await rm(dir, { recursive: true });
  const different = differences(state, goal);
  return faults.length + different.length === 0 ? [] : [{ at, point, faults, different }];
}

function differences(state: EndState, goal: EndState): string[] {
  const flat = (some: EndState) => [
    ...Object.values(some.records).flat(),
    ...Object.entries(some.files).map(String),
    ...some.localFiles,
    ...some.refs,
  ];
  const [is, should] = [flat(state), flat(goal)];
  return [
    ...is.filter((line) => !should.includes(line)).map((line) => `too much: ${line.slice(0, 300)}`),
    ...should.filter((line) => !is.includes(line)).map((line) => `missing: ${line.slice(0, 300)}`),
  ];
}

async function copyOf(folder: GitFolder, name: string): Promise<string> {
  const copy = join(dirname(folder.dir), name);
  await cp(folder.dir, copy, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
  return copy;
}

interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

/** Runs the child to its end, whichever way it ends. */
function ending(plan: KillPlan, dir: string, what: string): Promise<Ending> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [plan.child, dir, what, ...plan.argv], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stderr }));
  });
}
