import { describe, expect, test } from 'vitest';
import type { ObjectStore } from '../../../src/git/object-store.ts';
import { applyCompaction } from '../../../src/ledger/compaction/apply-compaction.ts';
import { idsOf, ledgerFolder } from '../ledger-folder.ts';
import { inLedgerAt, monthOf } from './closed-months.ts';

const months = { ...monthOf('2026-01', [3, 2, 4]), ...monthOf('2026-02', [1]) };

/** What a bad disk or a mistake in the code could do, at each place where it would lose a record. */
const faults: readonly [string, RegExp, (store: ObjectStore) => void][] = [
  [
    'a merged segment is stored without its last line',
    /were not stored as they are/,
    (store) => {
      const writeBlob = store.writeBlob.bind(store);
      store.writeBlob = (content) => writeBlob(content.subarray(0, content.length - 100));
    },
  ],
  [
    'a record of it reads otherwise than it was written',
    /would not be the same/,
    (store) => {
      const [existing, writeBlob] = [store.existing.bind(store), store.writeBlob.bind(store)];
      const reads = new Map<string, number>();
      store.writeBlob = async (content) => {
        const oid = await writeBlob(content);
        reads.set(oid, 0);
        return oid;
      };
      store.existing = async (oid) => {
        const found = await existing(oid);
        const before = reads.get(oid);
        if (before === undefined) return found;
        reads.set(oid, before + 1);
        // The first reading is compared with what was written: a fault that shows later must show, too.
        return before === 0
          ? found
          : { ...found, body: Buffer.from(String(found.body).replace('idea', 'IDEA')) };
      };
    },
  ],
  [
    'the folder of the month lacks what was merged',
    /would not be in their order/,
    (store) => {
      const writeTree = store.writeTree.bind(store);
      store.writeTree = (entries) =>
        writeTree(entries.filter(({ name }) => name !== '0001.jsonl' || entries.length > 1));
    },
  ],
];

describe('a compaction is given up, and nothing has changed, when', () => {
  test.each(faults)('%s.', async (_what, message, spoil) => {
    await using folder = await ledgerFolder('', months);
    const before = [await folder.git('rev-parse', 'HEAD'), ...(await idsOf(folder.dir))];
    await inLedgerAt(folder.dir, '2026-11-20T10:00:00.000Z', async ({ workspace }) => {
      spoil(workspace.store);
      await expect(applyCompaction(workspace)).rejects.toMatchObject({
        code: 'compaction-mismatch',
        message: expect.stringMatching(message),
        data: { kind: 'outcome', month: '2026-01' },
      });
    });
    expect([await folder.git('rev-parse', 'HEAD'), ...(await idsOf(folder.dir))]).toEqual(before);
    expect(await folder.git('status', '--porcelain')).toBe('');
  });
});
