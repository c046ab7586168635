import { afterEach, describe, expect, test } from 'vitest';
import { installFaultHook } from '../../../src/contracts/fault-point.ts';
import { type ApplyOptions, applyCompaction } from '../../../src/ledger/compaction/apply-compaction.ts';
import type { CompactionScope } from '../../../src/ledger/compaction/plan-workspace.ts';
import { previewCompaction } from '../../../src/ledger/compaction/preview-compaction.ts';
import type { Workspace } from '../../../src/ledger/workspace.ts';
import type { GitFolder } from '../../support/git-folder.ts';
import { filesOf, idsOf, ledgerFolder, plumbing, put } from '../ledger-folder.ts';
import { inLedgerAt, monthOf, recordLine, segmentsOf } from './closed-months.ts';

afterEach(() => installFaultHook(undefined));

const NOW = '2026-11-20T10:00:00.000Z';
const small = 'limits: {segment_bytes: 1024, compacted_segment_bytes: 1700}\n';
const threeMonths = {
  ...monthOf('2026-01', [3, 2, 4, 1]),
  ...monthOf('2026-02', [1, 1]),
  ...monthOf('2026-11', [1, 1, 1]),
};

const inNovember = <T>(folder: GitFolder, work: (workspace: Workspace) => Promise<T>) =>
  inLedgerAt(folder.dir, NOW, ({ workspace }) => work(workspace));
const preview = (folder: GitFolder, scope: CompactionScope = {}) =>
  inNovember(folder, (workspace) => previewCompaction(workspace, scope));
const apply = (folder: GitFolder, scope: CompactionScope = {}, options: ApplyOptions = {}) =>
  inNovember(folder, (workspace) => applyCompaction(workspace, scope, options));
const textOf = async (folder: GitFolder, below: string) =>
  Buffer.concat([...(await segmentsOf(folder, below)).values()]).toString('latin1');
const tipOf = (folder: GitFolder) => folder.git('rev-parse', 'HEAD');

/** Another writer commits a line to the end of a segment. */
async function commitLine(folder: GitFolder, path: string, line: string): Promise<void> {
  const content = (await segmentsOf(folder)).get(path);
  await put(folder, path, `${content?.toString('utf8') ?? ''}${line}`);
  await folder.git('add', path);
  await folder.git('commit', '-q', '-m', 'A late record');
}

describe('a compaction', () => {
  test('merges closed months, each in a commit, and keeps every byte in its order.', async () => {
    await using folder = await ledgerFolder(small, threeMonths);
    const before = [await textOf(folder, 'state/outcome/2026-01'), await idsOf(folder.dir)];
    const planned = await preview(folder);
    const done = await apply(folder);
    expect(done.months).toMatchObject([
      { kind: 'outcome', month: '2026-01', segments_before: 4, segments_after: 2, records: 10 },
      { kind: 'outcome', month: '2026-02', segments_before: 2, segments_after: 1, records: 2 },
    ]);
    expect(done.months.map((month) => ({ ...month, commit: null }))).toEqual(planned.months);
    expect(await filesOf(folder, 'state')).toEqual([
      'state/outcome/2026-01/0001.jsonl',
      'state/outcome/2026-01/0004.jsonl',
      'state/outcome/2026-02/0001.jsonl',
      'state/outcome/2026-11/0001.jsonl',
      'state/outcome/2026-11/0002.jsonl',
      'state/outcome/2026-11/0003.jsonl',
    ]);
    expect([await textOf(folder, 'state/outcome/2026-01'), await idsOf(folder.dir)]).toEqual(before);
    expect(await folder.git('log', '--format=%s', '-3')).toBe(
      'Compact outcome 2026-02: 2 segments into 1\nCompact outcome 2026-01: 4 segments into 2\nStart',
    );
    expect(await folder.git('status', '--porcelain')).toBe('');
    expect((await folder.gitCode('fsck', '--strict')).code).toBe(0);
  });

  test('done again has nothing to do, and its plan says so.', async () => {
    await using folder = await ledgerFolder(small, threeMonths);
    await apply(folder);
    const tip = await tipOf(folder);
    expect((await preview(folder)).months).toEqual([]);
    expect((await apply(folder)).months).toEqual([]);
    expect(await tipOf(folder)).toBe(tip);
  });

  test('that is only planned changes neither refs, nor files, nor objects.', async () => {
    await using folder = await ledgerFolder(small, threeMonths);
    const state = async () => [
      await tipOf(folder),
      await folder.git('status', '--porcelain'),
      await folder.git('count-objects', '-v'),
    ];
    const before = await state();
    expect((await preview(folder)).months).toHaveLength(2);
    expect(await state()).toEqual(before);
  });

  test('keeps lines that cannot be read where they are, and adds the line ends that are missing.', async () => {
    const path = 'state/outcome/2026-01';
    await using folder = await ledgerFolder();
    const [a, b] = [recordLine('a', '2026-01').trimEnd(), recordLine('b', '2026-01').trimEnd()];
    const odd = Buffer.concat([Buffer.from(`${a}\r\n\n{"id":"cut`), Buffer.from([0xff, 0xfe])]);
    await put(folder, `${path}/0001.jsonl`, odd);
    await put(folder, `${path}/0002.jsonl`, '');
    await put(folder, `${path}/0003.jsonl`, `<<<<<<< HEAD\n${b}`);
    await put(folder, `${path}/0004.jsonl`, recordLine('a', '2026-01'));
    await put(folder, `${path}/notes.txt`, 'of a person');
    await put(folder, 'state/outcome/2026-02/0001.jsonl', recordLine('c', '2026-02'));
    await folder.git('add', '--all', '--force');
    await folder.git('commit', '-q', '-m', 'By hand');
    const { months } = await apply(folder);
    expect(months).toMatchObject([{ segments_before: 4, segments_after: 1, records: 3, unreadable: 2 }]);
    expect(months.map((month) => month.bytes_after - month.bytes_before)).toEqual([2]);
    const wanted = Buffer.concat([odd, Buffer.from(`\n<<<<<<< HEAD\n${b}\n${recordLine('a', '2026-01')}`)]);
    expect((await segmentsOf(folder)).get(`${path}/0001.jsonl`)?.equals(wanted)).toBe(true);
    expect(await filesOf(folder, path)).toEqual([`${path}/0001.jsonl`, `${path}/notes.txt`]);
    expect(await idsOf(folder.dir)).toEqual(['a', 'b', 'a', 'c']);
  });

  test('leaves the month alone that is still written, whatever the clock says.', async () => {
    await using folder = await ledgerFolder(small, monthOf('2026-11', [1, 1]));
    const tip = await tipOf(folder);
    for (const now of [NOW, '2031-01-01T00:00:00.000Z', '2020-01-01T00:00:00.000Z'])
      await inLedgerAt(folder.dir, now, async ({ workspace }) => {
        expect((await applyCompaction(workspace)).months).toEqual([]);
      });
    expect(await tipOf(folder)).toBe(tip);
  });

  test('is confined to a kind, and to months before another.', async () => {
    const passes = { ...monthOf('2026-01', [1, 1], 'pass'), ...monthOf('2026-02', [1], 'pass') };
    await using folder = await ledgerFolder(small, { ...threeMonths, ...passes });
    const monthsOf = async (scope: CompactionScope) =>
      (await preview(folder, scope)).months.map(({ kind, month }) => `${kind} ${month}`);
    expect(await monthsOf({})).toEqual(['outcome 2026-01', 'outcome 2026-02', 'pass 2026-01']);
    expect(await monthsOf({ kind: 'pass' })).toEqual(['pass 2026-01']);
    expect(await monthsOf({ before: '2026-02' })).toEqual(['outcome 2026-01', 'pass 2026-01']);
    expect(await monthsOf({ kind: 'patch' })).toEqual([]);
    expect((await apply(folder, { kind: 'outcome', before: '2026-02' })).months).toHaveLength(1);
    expect(await monthsOf({})).toEqual(['outcome 2026-02', 'pass 2026-01']);
  });

  test('never follows a symlink that has the name of a segment.', async () => {
    await using folder = await ledgerFolder(small, threeMonths);
    const link = plumbing(folder, ['hash-object', '-w', '--stdin'], '/etc/passwd');
    const path = 'state/outcome/2026-02/0003.jsonl';
    await folder.git('update-index', '--add', '--cacheinfo', `120000,${link},${path}`);
    await folder.git('commit', '-q', '-m', 'A link');
    await folder.git('checkout', '-q', '--', path);
    expect((await apply(folder)).months).toMatchObject([{}, { segments_before: 2, records: 2 }]);
    expect(await folder.git('ls-tree', 'HEAD', path)).toContain('120000');
  });
});

describe('a compaction that is asked for by the id of its plan', () => {
  test('is done when the plan is still the same, and once.', async () => {
    await using folder = await ledgerFolder(small, threeMonths);
    const { plan_id: planId } = await preview(folder);
    await commitLine(folder, 'state/outcome/2026-11/0003.jsonl', recordLine('today', '2026-11'));
    expect((await apply(folder, {}, { planId })).months).toHaveLength(2);
    await expect(apply(folder, {}, { planId })).rejects.toMatchObject({ code: 'plan-changed' });
  });

  test('changes nothing when a closed month has got a late record, or when more was asked for.', async () => {
    await using folder = await ledgerFolder(small, threeMonths);
    const { plan_id: planId } = await preview(folder);
    const partly = await preview(folder, { before: '2026-02' });
    await expect(apply(folder, {}, { planId: partly.plan_id })).rejects.toMatchObject({
      code: 'plan-changed',
      data: { expected: partly.plan_id, found: planId },
    });
    await commitLine(folder, 'state/outcome/2026-02/0002.jsonl', recordLine('late', '2026-02'));
    const tip = await tipOf(folder);
    await expect(apply(folder, {}, { planId })).rejects.toMatchObject({
      message: `plan ${planId} does not fit the history as it is now`,
      hint: expect.stringContaining('--plan'),
    });
    expect(await tipOf(folder)).toBe(tip);
  });

  test('stops at the month that another writer has changed meanwhile.', async () => {
    await using folder = await ledgerFolder(small, threeMonths);
    const { plan_id: planId } = await preview(folder);
    once('compact:month-published', () =>
      commitLine(folder, 'state/outcome/2026-02/0002.jsonl', recordLine('late', '2026-02')),
    );
    await expect(apply(folder, {}, { planId })).rejects.toMatchObject({
      code: 'plan-changed',
      message: expect.stringMatching(/^outcome 2026-02 has changed since plan/),
    });
    expect(await filesOf(folder, 'state/outcome/2026-01')).toHaveLength(2);
    expect(await filesOf(folder, 'state/outcome/2026-02')).toHaveLength(2);
  });
});

describe('a compaction beside other writers', () => {
  test('takes in a late record that arrives between its decision and its commit.', async () => {
    await using folder = await ledgerFolder(small, threeMonths);
    once('log:commit-written', () =>
      commitLine(folder, 'state/outcome/2026-01/0004.jsonl', recordLine('late', '2026-01')),
    );
    const { months } = await apply(folder);
    expect(months).toMatchObject([{ month: '2026-01', records: 11 }, { month: '2026-02' }]);
    expect((await idsOf(folder.dir)).filter((id) => id === 'late')).toEqual(['late']);
    expect(await folder.git('status', '--porcelain')).toBe('');
  });

  test('does not merge a month a second time because it has lost a race elsewhere.', async () => {
    await using folder = await ledgerFolder(small, threeMonths);
    once('log:commit-written', () =>
      commitLine(folder, 'state/outcome/2026-11/0003.jsonl', recordLine('today', '2026-11')),
    );
    const written = await inNovember(folder, async (workspace) => {
      const blobs: Uint8Array[] = [];
      const writeBlob = workspace.store.writeBlob.bind(workspace.store);
      workspace.store.writeBlob = (content) => {
        blobs.push(content);
        return writeBlob(content);
      };
      expect((await applyCompaction(workspace)).months).toHaveLength(2);
      return blobs;
    });
    expect(written).toHaveLength(2);
    expect(await idsOf(folder.dir)).toContain('today');
  });

  test('passes over a month that another compaction has done meanwhile.', async () => {
    await using folder = await ledgerFolder(small, threeMonths);
    const other = { done: 0 };
    once('compact:month-merged', async () => {
      other.done = (await apply(folder)).months.length;
    });
    expect((await apply(folder)).months).toEqual([]);
    expect(other.done).toBe(2);
    expect(await idsOf(folder.dir)).toHaveLength(15);
  });

  test('that is told to stop does so between two months.', async () => {
    await using folder = await ledgerFolder(small, threeMonths);
    const stop = new AbortController();
    once('compact:month-published', async () => stop.abort());
    await expect(apply(folder, {}, { signal: stop.signal })).rejects.toThrow(/abort/);
    expect(await filesOf(folder, 'state/outcome/2026-01')).toHaveLength(2);
    expect((await apply(folder)).months).toMatchObject([{ month: '2026-02' }]);
  });
});

/** At the first visit of a fault point; what is done there visits nothing. */
function once(point: string, work: () => Promise<void>): void {
  installFaultHook(async (at) => {
    if (at !== point) return;
    installFaultHook(undefined);
    await work();
  });
}
