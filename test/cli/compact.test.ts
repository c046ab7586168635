import '../e2e/test-environment.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CompactionReport } from '../../src/ledger/compaction/preview-compaction.ts';
import { type BuiltTree, builtTree } from '../e2e/built-tree.ts';
import { killEverywhere } from '../e2e/kill-everywhere.ts';
import { monthOf, segmentsOf } from '../ledger/compaction/closed-months.ts';
import { idsOf, ledgerFolder } from '../ledger/ledger-folder.ts';
import { type GitFolder, gitFolder } from '../support/git-folder.ts';
import { type CliAnswer, jsonOf, runCliIn } from './run-cli-in.ts';

const months = {
  ...monthOf('2025-01', [3, 2, 4]),
  ...monthOf('2025-02', [1, 1]),
  ...monthOf('2025-03', [2, 2]),
};
const compact = (folder: GitFolder, ...words: string[]) => runCliIn(folder.dir, ['compact', ...words]);
const reportOf = (answer: CliAnswer) => jsonOf(answer) as CompactionReport;
const stateOf = async (folder: GitFolder) => [
  await folder.git('rev-parse', 'HEAD'),
  await folder.git('status', '--porcelain', '-uall'),
];

describe('compact', () => {
  test('prints a plan, and changes nothing.', async () => {
    await using folder = await ledgerFolder('', months);
    const before = await stateOf(folder);
    const { code, out, err } = await compact(folder, '--plan');
    const size = '[\\d,]+ bytes';
    expect(out).toMatch(
      new RegExp(
        `^plan [0-9a-f]{12}\n {2}outcome 2025-01: 3 segments into 1, ${size}, 9 records, digest [0-9a-f]{32}\n {2}outcome 2025-02: 2 segments into 1, ${size}, 2 records, digest [0-9a-f]{32}\n$`,
      ),
    );
    const id = /^plan (\w+)/.exec(out)?.[1];
    expect(err).toBe(
      `  reading outcome 2025-01: 3 segments (1 of 2)\n  reading outcome 2025-02: 2 segments (2 of 2)\nhint: millwright compact --apply --plan-id ${id} does this and nothing else\n`,
    );
    expect([code, ...(await stateOf(folder))]).toEqual([0, ...before]);
  });

  test('applies the plan that was printed, says the same digests, and is done then.', async () => {
    await using folder = await ledgerFolder('', months);
    const plan = reportOf(await compact(folder, '--plan', '--json'));
    const ids = await idsOf(folder.dir);
    const answer = await compact(folder, '--apply', '--plan-id', plan.plan_id, '--json');
    const done = reportOf(answer);
    expect([answer.code, answer.err]).toEqual([0, '']);
    expect(done.months.map((month) => ({ ...month, commit: null }))).toEqual(plan.months);
    expect(done.months.at(-1)?.commit).toBe(await folder.git('rev-parse', 'HEAD'));
    expect([...(await segmentsOf(folder)).keys()]).toEqual([
      'state/outcome/2025-01/0001.jsonl',
      'state/outcome/2025-02/0001.jsonl',
      'state/outcome/2025-03/0001.jsonl',
      'state/outcome/2025-03/0002.jsonl',
    ]);
    expect(await idsOf(folder.dir)).toEqual(ids);
    const before = await stateOf(folder);
    expect(await compact(folder, '--apply')).toEqual({ code: 0, out: 'nothing to compact\n', err: '' });
    expect(await compact(folder, '--plan')).toEqual({ code: 0, out: 'nothing to compact\n', err: '' });
    expect(await stateOf(folder)).toEqual(before);
  });

  test('tells people what it merged, and which lines are no records.', async () => {
    await using folder = await ledgerFolder('', {
      ...months,
      'state/outcome/2025-02/0003.jsonl': 'garbage',
    });
    expect((await compact(folder, '--plan')).err).toContain('warning: state/outcome/2025-02/0003.jsonl:1: ');
    const { out, err } = await compact(folder, '--apply', '--before', '2025-03', '--kind', 'outcome');
    expect(err).toContain(
      'warning: state/outcome/2025-02/0001.jsonl:3: expected a record, found garbage; the line is kept\n',
    );
    expect(out).toMatch(/^merged; every digest is the same as before\n {2}outcome 2025-01: 3 .*commit \w+\n/);
    expect(out).toMatch(/2025-02: 3 segments into 1, .*, 2 records, 1 line that is no record, digest /);
  });

  test('names in its hint the command that does a part of the history.', async () => {
    await using folder = await ledgerFolder('', months);
    const { err } = await compact(folder, '--plan', '--kind', 'outcome', '--before', '2025-02');
    const command = /hint: millwright (.*) does this/.exec(err)?.[1] ?? '';
    expect(command).toMatch(/--kind outcome --before 2025-02$/);
    expect((await runCliIn(folder.dir, command.split(' '))).out).toMatch(/^merged;.*\n {2}outcome 2025-01: /);
    expect([...(await segmentsOf(folder, 'state/outcome/2025-02')).keys()]).toHaveLength(2);
  });

  test('refuses a plan that is no longer the same, with a hint, and changes nothing.', async () => {
    await using folder = await ledgerFolder('', months);
    const before = await stateOf(folder);
    const answer = await compact(folder, '--apply', '--plan-id', 'f00df00df00d');
    expect(answer).toMatchObject({ code: 1, out: '' });
    expect(answer.err).toBe(
      'error: plan f00df00df00d does not fit the history as it is now\n\nhint: millwright compact --plan shows what there is to do now\n',
    );
    expect(await stateOf(folder)).toEqual(before);
  });

  test('that is interrupted ends with 130, and has begun nothing.', async () => {
    await using folder = await ledgerFolder('', months);
    const before = await stateOf(folder);
    const { code, err } = await runCliIn(folder.dir, ['compact', '--apply'], { signal: AbortSignal.abort() });
    expect([code, err]).toEqual([130, expect.stringContaining('interrupted')]);
    expect(await stateOf(folder)).toEqual(before);
  });

  test.each([
    [[], 'needs one of --plan and --apply'],
    [['--plan', '--apply'], 'needs one of --plan and --apply'],
    [['--plan', '--plan-id', 'x'], '--plan-id goes with --apply'],
    [['--plan', '--kind', 'outcom'], 'there is no kind "outcom"'],
    [['--plan', '--kind', '../schemas'], 'there is no kind "../schemas"'],
    [['--plan', '--before', '2025-13'], 'expected a month such as 2026-10 after --before, found "2025-13"'],
    [['--apply', '--before', 'yesterday'], 'expected a month such as 2026-10'],
    [['--apply', 'outcome'], 'too many arguments'],
  ])('%j is a wrong call: it ends with 2 and a hint.', async (words, fault) => {
    await using folder = await gitFolder();
    const { code, out, err } = await compact(folder, ...words);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(fault);
    expect(err).toContain('hint: ');
    const data = await compact(folder, ...words, '--json');
    expect(jsonOf(data)).toMatchObject({ error: { code: 'usage' } });
  });

  test('outside of a workspace ends with 10.', async () => {
    await using folder = await gitFolder();
    expect(await compact(folder, '--plan')).toMatchObject({ code: 10, out: '' });
  });
});

describe('a compaction that is killed at any of its steps', () => {
  const script = 'test/e2e/fixtures/pass-child.ts';
  /** The second month is done as the first was. */
  const untilSecondMonth = (points: readonly string[]) =>
    [...points.keys()].slice(0, points.indexOf('compact:month-published') + 2);
  let built: BuiltTree;
  beforeAll(async () => {
    built = await builtTree(script);
  });
  afterAll(() => built[Symbol.asyncDispose]());

  test('has lost nothing, and the next one completes it, as if nothing had happened.', async () => {
    await using folder = await ledgerFolder('', { ...months, 'queue/rejected/.gitkeep': '' });
    const layouts = new Set<string>();
    const again = async (dir: string) => {
      const git = (...words: string[]) => folder.git('-C', dir, ...words);
      // Whatever the kill has left: the tip holds every record once.
      const lines = (await git('grep', '-h', '-e', '', 'HEAD', '--', 'state/*.jsonl')).split('\n');
      expect([lines.length, new Set(lines).size]).toEqual([15, 15]);
      expect(await runCliIn(dir, ['compact', '--apply'])).toMatchObject({ code: 0 });
      layouts.add(await git('ls-tree', '-r', 'HEAD', 'state/'));
    };
    const { points, wrong } = await killEverywhere(folder, {
      child: built.path(script),
      argv: ['compact', '--apply'],
      recover: again,
      choose: untilSecondMonth,
    });
    expect(points.filter((point) => point === 'compact:month-published')).toHaveLength(2);
    expect(untilSecondMonth(points).length).toBeGreaterThan(8);
    expect(wrong).toEqual([]);
    expect([...layouts].map((layout) => layout.split('\n').length)).toEqual([4]);
  }, 300_000);
});
