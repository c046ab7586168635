import { afterEach, describe, expect, test } from 'vitest';
import { installFaultHook } from '../../src/contracts/fault-point.ts';
import { outcome } from '../../src/contracts/outcome.ts';
import { takeIn } from '../../src/ledger/intake.ts';
import { recordAll } from '../../src/ledger/record-all.ts';
import { idsOf, inLedger, ledgerFolder, type Opened, outcomeText, put } from './ledger-folder.ts';

afterEach(() => installFaultHook(undefined));

const contract = (id: string, notes = 'x') => ({
  id,
  kind: outcome,
  source: 'test',
  fields: { idea_id: id, outcome: 'accepted' as const, notes },
});

function record({ workspace, index }: Opened, ...ids: readonly string[]) {
  return recordAll(workspace, index, { subject: 'Record' }, async () => ({
    contracts: ids.map((id) => contract(id)),
  }));
}

describe('recording what Millwright made itself', () => {
  test('adds what is new, with other edits in the same commit, and nothing the second time.', async () => {
    await using folder = await ledgerFolder();
    await inLedger(folder.dir, async ({ workspace, index }) => {
      const decide = async () => ({
        contracts: [contract('a'), contract('b'), contract('a')],
        edits: [{ put: 'queue/x.json', content: '{}' }],
      });
      const first = await recordAll(workspace, index, { subject: 'Record' }, decide);
      expect(first).toMatchObject({ value: 2, commit: await folder.git('rev-parse', 'HEAD') });
      expect(await recordAll(workspace, index, { subject: 'Record' }, decide)).toEqual({
        value: 0,
        commit: null,
      });
    });
    expect(await idsOf(folder.dir)).toEqual(['a', 'b']);
    expect(await folder.read('queue/x.json')).toBe('{}');
  });

  test('never changes a record: other content under its id adds nothing.', async () => {
    await using folder = await ledgerFolder();
    await inLedger(folder.dir, async (opened) => {
      await record(opened, 'a');
      const done = await recordAll(opened.workspace, opened.index, { subject: 'Record' }, async () => ({
        contracts: [contract('a', 'other')],
      }));
      expect(done).toEqual({ value: 0, commit: null });
    });
  });

  test('loses nothing when transactions leave together and their commit loses a race.', async () => {
    await using folder = await ledgerFolder();
    await inLedger(folder.dir, (opened) => record(opened, 'before'));
    await inLedger(folder.dir, (other) =>
      inLedger(folder.dir, async (opened) => {
        let raced = false;
        installFaultHook(async (point) => {
          if (point !== 'log:commit-written' || raced) return;
          raced = true;
          await record(other, 'theirs');
        });
        const counts = await Promise.all([
          record(opened, 'one', 'two'),
          record(opened, 'three'),
          record(opened, 'one'),
        ]);
        expect(raced).toBe(true);
        expect(counts.map(({ value }) => value)).toEqual([2, 1, 0]);
      }),
    );
    expect(await idsOf(folder.dir)).toEqual(['before', 'theirs', 'one', 'two', 'three']);
  });

  test('works on after the history was set back by hand, with the same index.', async () => {
    await using folder = await ledgerFolder();
    await inLedger(folder.dir, async (opened) => {
      await record(opened, 'a');
      const kept = await folder.git('rev-parse', 'HEAD');
      await record(opened, 'b');
      await folder.git('reset', '-q', '--hard', kept);
      expect(await record(opened, 'a', 'b')).toMatchObject({ value: 1 });
    });
    expect(await idsOf(folder.dir)).toEqual(['a', 'b']);
  });
});

test('two runners that take in one inbox at the same time record each contract once.', async () => {
  await using folder = await ledgerFolder();
  const wanted = Array.from({ length: 60 }, (_, n) => `id-${n}`);
  for (const id of wanted) await put(folder, `queue/inbox/outcome/${id}.json`, outcomeText(id));
  await put(folder, 'queue/inbox/outcome/bad.json', '{');
  const reports = await inLedger(folder.dir, (one) =>
    inLedger(folder.dir, (other) =>
      Promise.all([one, other].map(({ workspace, index }) => takeIn(workspace, index))),
    ),
  );
  expect(reports.reduce((sum, { accepted }) => sum + (accepted.outcome ?? 0), 0)).toBe(60);
  const ids = await idsOf(folder.dir);
  expect(ids).toHaveLength(60);
  expect(new Set(ids)).toEqual(new Set(wanted));
  expect(await folder.git('status', '--porcelain')).toBe('');
});
