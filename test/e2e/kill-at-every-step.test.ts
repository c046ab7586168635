import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCliIn } from '../cli/run-cli-in.ts';
import type { GitFolder } from '../support/git-folder.ts';
import { type BuiltTree, builtTree } from './built-tree.ts';
import { betweenCommits, killEverywhere, sampleOf } from './kill-everywhere.ts';
import { busyWorkspace, copyWorkspace } from './prepared-workspace.ts';

const script = 'test/e2e/fixtures/pass-child.ts';
let built: BuiltTree;
let busy: GitFolder;
/** The busy workspace after one pass: a proposal is open. */
let open: GitFolder;

beforeAll(async () => {
  [built, busy] = await Promise.all([builtTree(script), busyWorkspace()]);
  open = await copyWorkspace(busy);
  await pass(open.dir);
});
afterAll(() => Promise.all([built, busy, open].map((one) => one[Symbol.asyncDispose]())));

const pass = (dir: string) => runCliIn(dir, ['run']);
const pages = (files: object) => Object.keys(files).filter((path) => path.startsWith('queue/proposals/'));

describe('a pass that is killed at any of its steps', () => {
  test('is completed by the next pass, as if nothing had happened.', async () => {
    const plan = { child: built.path(script), argv: ['run'], recover: pass, choose: sampleOf };
    const { points, wrong, goal } = await killEverywhere(busy, plan);
    // The pass did all that this test is about, or it would prove little.
    expect(new Set(Object.keys(goal.records))).toEqual(
      new Set(['analysis_run', 'outcome', 'patch', 'recommendation']),
    );
    expect(goal.refs).toHaveLength(2);
    expect(pages(goal.files)).toHaveLength(1);
    expect(points.length).toBeGreaterThan(40);
    expect(wrong).toEqual([]);
  }, 400_000);

  test('after a person has merged a proposal, still leads to one decision and a tidy forge.', async () => {
    await using merged = await copyWorkspace(open);
    const branch = await merged.git('for-each-ref', '--format=%(refname:short)', 'refs/heads/millwright');
    await merged.git('merge', '-q', '--no-ff', '-m', 'Take the proposal', branch);
    const plan = { child: built.path(script), argv: ['run'], recover: pass, choose: sampleOf };
    const { points, wrong, goal } = await killEverywhere(merged, plan);
    expect(goal.records.patch_decision).toHaveLength(1);
    expect(goal.records.patch_decision?.[0]).toContain('"decided_by":"Test Author <test@example.invalid>"');
    expect(goal.refs).toEqual(['refs/heads/main']);
    expect(pages(goal.files)).toEqual([]);
    expect(points.length).toBeGreaterThan(20);
    expect(wrong).toEqual([]);
  }, 400_000);
});

describe('a review that is killed', () => {
  test.each([
    ['apply', 'applied'],
    ['reject', 'rejected'],
  ])(
    '%s, and given again, ends as if it had been given once.',
    async (verb, decision) => {
      const argv = ['review', verb, 'millwright/', '--by', 'Ada <ada@example.invalid>'];
      const again = async (dir: string) => {
        await runCliIn(dir, argv);
        await pass(dir);
      };
      const plan = { child: built.path(script), argv, recover: again, choose: betweenCommits };
      const { wrong, goal } = await killEverywhere(open, plan);
      expect(goal.records.patch_decision).toHaveLength(1);
      const [line = ''] = goal.records.patch_decision ?? [];
      expect(JSON.parse(line)).toMatchObject({ decision, decided_by: 'Ada <ada@example.invalid>' });
      expect(goal.refs).toEqual(['refs/heads/main']);
      expect(wrong).toEqual([]);
    },
    180_000,
  );
});
