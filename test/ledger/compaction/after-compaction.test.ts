import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { outcome } from '../../../src/contracts/outcome.ts';
import { openHistory } from '../../../src/history/open-history.ts';
import { rowsOf } from '../../../src/history/rows.ts';
import { applyCompaction } from '../../../src/ledger/compaction/apply-compaction.ts';
import { importFile } from '../../../src/ledger/import-file.ts';
import { takeIn } from '../../../src/ledger/intake.ts';
import { parseMapping } from '../../../src/ledger/mapping.ts';
import { readEntries } from '../../../src/ledger/read-entries.ts';
import { RecordIndex } from '../../../src/ledger/record-index.ts';
import { tallyRecords } from '../../../src/queue/tally-records.ts';
import type { GitFolder } from '../../support/git-folder.ts';
import { filesOf, idsOf, ledgerFolder, type Opened, outcomeText, put, snapshotOf } from '../ledger-folder.ts';
import { inLedgerAt, monthOf, recordLine } from './closed-months.ts';

const JANUARY = '2026-01-15T08:30:00.000Z';
const LATER = '2026-02-20T10:00:00.000Z';
const small = 'limits: {segment_bytes: 1024}\n';
const history = { ...monthOf('2026-01', [3, 2, 4]), ...monthOf('2026-02', [2]) };

const compact = (folder: GitFolder) =>
  inLedgerAt(folder.dir, LATER, async ({ workspace }) => (await applyCompaction(workspace)).months);
const drop = async (folder: GitFolder, now: string, id: string) => {
  await put(folder, `queue/inbox/outcome/${id}.json`, outcomeText(id));
  return inLedgerAt(folder.dir, now, ({ workspace, index }) => takeIn(workspace, index));
};
const onlyOnce = (ids: readonly string[]) => new Set(ids).size === ids.length;

describe('after a compaction', () => {
  test('an import of the same lines is still a repetition, in the same process and in another.', async () => {
    await using folder = await ledgerFolder(small);
    const file = join(dirname(folder.dir), 'lines.jsonl');
    const lines = Array.from({ length: 40 }, (_, n) => JSON.stringify({ key: `k${n}`, said: 'accepted' }));
    await writeFile(file, lines.join('\n'));
    const rules = parseMapping(
      'map.yaml',
      Buffer.from('id: [key]\nfields: {idea_id: {from: key}, outcome: {from: said}}\n'),
    );
    const run = ({ workspace, index }: Opened) =>
      importFile(workspace, index, { file, kind: outcome, rules, rejectsFile: `${file}.rejected` });
    expect(await inLedgerAt(folder.dir, JANUARY, run)).toMatchObject({ added: 40 });
    await drop(folder, LATER, 'newer');
    await inLedgerAt(folder.dir, LATER, async (opened) => {
      expect(await run(opened)).toMatchObject({ added: 0, unchanged: 40 });
      expect((await applyCompaction(opened.workspace)).months).toMatchObject([{ records: 40 }]);
      expect(await run(opened)).toMatchObject({ added: 0, unchanged: 40 });
    });
    expect(await inLedgerAt(folder.dir, LATER, run)).toMatchObject({ added: 0, unchanged: 40 });
    expect(await filesOf(folder, 'state/outcome/2026-01')).toHaveLength(1);
    expect(await idsOf(folder.dir)).toHaveLength(41);
  });

  test('an index knows the same records, those that are missing, and how many there are.', async () => {
    await using folder = await ledgerFolder(small, history);
    await inLedgerAt(folder.dir, LATER, async ({ workspace, index }) => {
      const entries = await readEntries(await snapshotOf(workspace), 'outcome');
      const unknown = { ...entries[0], id: 'unknown' } as (typeof entries)[number];
      const look = async (one: RecordIndex) => [
        await one.look(await snapshotOf(workspace), 'outcome', [...entries, unknown]),
        await one.count(await snapshotOf(workspace), 'outcome'),
      ];
      const before = await look(index);
      expect(before).toEqual([[...Array(11).fill('same'), 'new'], 11]);
      await applyCompaction(workspace);
      expect(await look(index)).toEqual(before);
      expect(await look(new RecordIndex(workspace.cache))).toEqual(before);
      expect(await look(new RecordIndex(join(workspace.root, '.millwright/fresh')))).toEqual(before);
    });
  });

  test('a late record of a merged month goes behind it, and the next compaction takes it in.', async () => {
    await using folder = await ledgerFolder(small, history);
    expect(await compact(folder)).toMatchObject([{ records: 9 }]);
    await drop(folder, JANUARY, 'late');
    expect(await filesOf(folder, 'state/outcome/2026-01')).toEqual([
      'state/outcome/2026-01/0001.jsonl',
      'state/outcome/2026-01/0002.jsonl',
    ]);
    expect(await folder.read('state/outcome/2026-01/0002.jsonl')).toContain('"id":"late"');
    expect(await compact(folder)).toMatchObject([{ segments_before: 2, segments_after: 1, records: 10 }]);
    expect(await compact(folder)).toEqual([]);
    expect(await drop(folder, LATER, 'late')).toMatchObject({ accepted: {}, unchanged: 1 });
    const ids = await idsOf(folder.dir);
    expect([ids.length, onlyOnce(ids), ids.indexOf('late')]).toEqual([12, true, 9]);
  });

  test('counts that are kept by segment are made anew, and are the same.', async () => {
    await using folder = await ledgerFolder(small, history);
    await inLedgerAt(folder.dir, LATER, async ({ workspace }) => {
      const tally = async () =>
        tallyRecords<{ recorded_at: string }>(workspace, await snapshotOf(workspace), 'outcome', (record) =>
          record.recorded_at.slice(0, 7),
        );
      expect(await tally()).toEqual({ '2026-01': 9, '2026-02': 2 });
      await applyCompaction(workspace);
      expect(await tally()).toEqual({ '2026-01': 9, '2026-02': 2 });
    });
  });

  test('the history has the same rows, each once, whether its projection is older or new.', async () => {
    await using folder = await ledgerFolder(small, history);
    await inLedgerAt(folder.dir, LATER, async ({ workspace }) => {
      const rows = async (cache: string) => {
        const onBadLine = () => expect.unreachable();
        const opened = await openHistory(await snapshotOf(workspace), { cache, onBadLine });
        const sql = 'SELECT id, idea_id, CAST(recorded_at AS VARCHAR) AS at FROM outcome ORDER BY ALL';
        const found = await rowsOf(opened.connection, sql);
        opened.close();
        return found;
      };
      const before = await rows(workspace.cache);
      expect(before).toHaveLength(11);
      await applyCompaction(workspace);
      expect(await rows(workspace.cache)).toEqual(before);
      expect(await rows(join(folder.dir, '.millwright/fresh'))).toEqual(before);
    });
  });

  test('the checkout follows, but for a segment that a person has edited, which is named.', async () => {
    await using folder = await ledgerFolder(small, history);
    const edited = 'state/outcome/2026-01/0003.jsonl';
    await put(folder, edited, recordLine('by-hand', '2026-01'));
    const warnings = await inLedgerAt(folder.dir, LATER, async ({ workspace }) => {
      await applyCompaction(workspace);
      return workspace.warnings;
    });
    expect(warnings).toEqual([expect.stringContaining(`${edited} was left alone`)]);
    expect(await folder.git('status', '--porcelain', '-uall')).toBe(`?? ${edited}`);
    expect(await folder.read(edited)).toBe(recordLine('by-hand', '2026-01'));
    const first = await readFile(join(folder.dir, 'state/outcome/2026-01/0001.jsonl'), 'utf8');
    expect(first.trim().split('\n')).toHaveLength(9);
    expect(await idsOf(folder.dir)).toHaveLength(11);
  });
});
