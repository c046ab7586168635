import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { type Entry, toLine } from '../../src/contracts/record.ts';
import { applyEdits } from '../../src/git/edit.ts';
import { emptyTree, ObjectStore } from '../../src/git/object-store.ts';
import { openRepository } from '../../src/git/repository.ts';
import { Snapshot } from '../../src/git/snapshot.ts';
import { RecordIndex } from '../../src/ledger/record-index.ts';
import { gitFolder } from '../support/git-folder.ts';

// Real collisions are out of reach: here every id has the number 7.
vi.mock('../../src/contracts/record-line.ts', async (original) => ({
  ...(await original<typeof import('../../src/contracts/record-line.ts')>()),
  shortHash: () => 7,
}));

function entry(id: string, notes: string): Entry {
  return {
    id,
    kind: 'outcome',
    schema_version: 1,
    recorded_at: '2026-11-21T08:30:00.000Z',
    source: 'a',
    idea_id: 'i',
    outcome: 'failed',
    notes,
  };
}

test('two ids with one number are told apart by reading the records, whatever they say.', async () => {
  await using folder = await gitFolder();
  const store = new ObjectStore(await openRepository(folder.dir));
  const content = [entry('a', 'x'), entry('b', 'y')].map(toLine).join('');
  const tree = await applyEdits(store, emptyTree, [{ put: 'state/outcome/2026-11/0001.jsonl', content }]);
  const asked = [
    entry('a', 'x'),
    entry('a', 'y'),
    entry('b', 'y'),
    entry('b', 'x'),
    entry('c', 'x'),
    entry('c', 'y'),
  ];
  const index = new RecordIndex(join(folder.dir, 'cache'));
  expect(await index.look(new Snapshot(store, tree), 'outcome', asked)).toEqual([
    'same',
    'other',
    'same',
    'other',
    'new',
    'new',
  ]);
  store.close();
});
