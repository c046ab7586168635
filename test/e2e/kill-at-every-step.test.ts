import { cp, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { controllers } from '../../src/runner/controllers.ts';
import { runPass } from '../../src/runner/run-pass.ts';
import type { GitFolder } from '../support/git-folder.ts';
import { type BuiltTree, builtTree } from './built-tree.ts';
import { type EndState, endState } from './end-state.ts';
import { ending } from './kill-child.ts';
import { busyWorkspace, inWorkspace } from './prepared-workspace.ts';

let built: BuiltTree;
beforeAll(async () => {
  built = await builtTree('test/e2e/fixtures/pass-child.ts');
});
afterAll(() => built[Symbol.asyncDispose]());

describe('a pass that is killed at any of its steps', () => {
  test('is completed by the next pass, as if nothing had happened.', async () => {
    await using folder = await busyWorkspace();
    const { points, wrong, goal } = await killEverywhere(folder);
    // The pass did all that this test is about, or it would prove little.
    expect(new Set(Object.keys(goal.records))).toEqual(
      new Set(['analysis_run', 'outcome', 'patch', 'recommendation']),
    );
    expect(goal.refs).toHaveLength(2);
    expect(Object.keys(goal.files).filter((path) => path.startsWith('queue/proposals/'))).toHaveLength(1);
    expect(points.length).toBeGreaterThan(40);
    expect(wrong).toEqual([]);
  }, 180_000);

  test('after a person has merged a proposal, still leads to one decision and a tidy forge.', async () => {
    await using folder = await busyWorkspace();
    await inWorkspace(folder.dir, (context) => runPass(context, { controllers }));
    const branch = await folder.git('for-each-ref', '--format=%(refname:short)', 'refs/heads/millwright');
    await folder.git('merge', '-q', '--no-ff', '-m', 'Take the proposal', branch);
    const { points, wrong, goal } = await killEverywhere(folder);
    expect(goal.records.patch_decision).toHaveLength(1);
    expect(goal.records.patch_decision?.[0]).toContain('"decided_by":"Test Author <test@example.invalid>"');
    expect(goal.refs).toEqual(['refs/heads/main']);
    expect(Object.keys(goal.files).filter((path) => path.startsWith('queue/proposals/'))).toEqual([]);
    expect(points.length).toBeGreaterThan(20);
    expect(wrong).toEqual([]);
  }, 180_000);
});

interface Killed {
  /** The fault points of an undisturbed pass, in order. */
  readonly points: readonly string[];
  /** Its end state. */
  readonly goal: EndState;
  /** What was different after a kill and the pass after it. */
  readonly wrong: readonly unknown[];
}

async function killEverywhere(folder: GitFolder): Promise<Killed> {
  const child = built.path('test/e2e/fixtures/pass-child.ts');
  const visits = join(dirname(folder.dir), 'visits');
  const whole = await copyOf(folder, 'whole');
  expect(await ending(child, whole, visits)).toMatchObject({ code: 0, stderr: '' });
  const points = (await readFile(visits, 'utf8')).trim().split('\n');
  const { state: goal, faults } = await endState(whole);
  expect(faults).toEqual([]);
  const wrong: unknown[] = [];
  const left = points.entries();
  const worker = async () => {
    for (const [at, point] of left) wrong.push(...(await killOnce(folder, at, point, goal)));
  };
  // Two at once: git takes most of the time, and it waits for the disk more than it works.
  await Promise.all([worker(), worker()]);
  return { points, goal, wrong };
}

async function killOnce(folder: GitFolder, at: number, point: string, goal: EndState): Promise<unknown[]> {
  const dir = await copyOf(folder, `killed-${at}`);
  const dead = await ending(built.path('test/e2e/fixtures/pass-child.ts'), dir, String(at));
  if (dead.signal !== 'SIGKILL') return [{ at, point, dead }];
  await inWorkspace(dir, (context) => runPass(context, { controllers }));
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
