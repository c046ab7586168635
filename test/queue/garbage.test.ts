import { expect, test } from 'vitest';
import type { SlotEvent } from '../../src/contracts/slot-event.ts';
import { readEntries } from '../../src/ledger/read-entries.ts';
import { completeHeld, renewHeld } from '../../src/queue/hold.ts';
import { listQueue } from '../../src/queue/list-queue.ts';
import { commitAll } from '../ledger/ledger-folder.ts';
import { claimOne, inQueue, type QueuePlace, queuePass, queuePlace, slotCells } from './queue-place.ts';
import { putWork, sampleSlot } from './sample-work.ts';

const passed = { smoke_test_pass: true, files_pushed: [] };
const ref = (slot: string) => `refs/millwright/slots/${slot}`;

/** Puts a commit with this file into a cell, on top of what is there, as somebody with a git of his own might. */
async function spoil({ truth }: QueuePlace, slot: string, path: string, content: string): Promise<void> {
  const before = await truth.git('for-each-ref', '--format=%(objectname)', ref(slot));
  await truth.write('spoilt.txt', content);
  const oid = await truth.git('hash-object', '-w', 'spoilt.txt');
  const index = ['-c', 'core.worktree=.'];
  await truth.git(...index, 'read-tree', '--empty');
  await truth.git(...index, 'update-index', '--add', '--cacheinfo', `100644,${oid},${path}`);
  const tree = await truth.git(...index, 'write-tree');
  const parents = before === '' ? [] : ['-p', before];
  const who = ['-c', 'user.name=X', '-c', 'user.email=x@example.invalid'];
  await truth.git(
    'update-ref',
    ref(slot),
    await truth.git(...who, 'commit-tree', tree, ...parents, '-m', 'x'),
  );
}

test.each([
  ['no JSON', 'queue/claims/a-1.json', '<<<<<<< ours'],
  ['the claim of another slot', 'queue/claims/a-1.json', 'other'],
  ['a file of another name', 'README.md', '# hello'],
])(
  'a cell that holds %s is mended by a pass: the last claim is back, and its tokens go on.',
  async (_, path, text) => {
    await using place = await queuePlace('local');
    await inQueue(place, async (opened) => {
      const { queue, workspace } = opened;
      await putWork(workspace, [sampleSlot('a-1'), sampleSlot('b-1')]);
      const held = await claimOne(queue, 'a-1');
      const content = text === 'other' ? JSON.stringify({ ...held.claim, slot_id: 'b-1', token: 900 }) : text;
      await spoil(place, 'a-1', path, content);
      expect(await renewHeld(queue, [held])).toMatchObject([{ result: 'lost' }]);
    });
    await inQueue(place, async (opened) => {
      const { slots } = await listQueue(opened.queue, {});
      expect(slots.map(({ slot_id, state }) => [slot_id, state])).toEqual([
        ['a-1', 'unreadable'],
        ['b-1', 'pending'],
      ]);
      await completeHeld(opened.queue, await claimOne(opened.queue, 'b-1'), passed);
      await queuePass(opened);
    });
    await inQueue(place, async (opened) => {
      const { slots } = await listQueue(opened.queue, {});
      expect(slots).toMatchObject([{ slot_id: 'a-1', state: 'claimed', token: 1, worker_id: 'ada' }]);
      const { snapshot } = await opened.workspace.log.tip();
      const events = await readEntries<SlotEvent>(snapshot, 'slot_event');
      expect(events.map(({ slot_id, event }) => `${slot_id} ${event}`)).toEqual([
        'b-1 claimed',
        'b-1 shipped',
      ]);
    });
  },
);

test('a cell that never held a claim is emptied, and one without a slot is cleared away.', async () => {
  await using place = await queuePlace('path remote');
  await inQueue(place, async ({ workspace }) => putWork(workspace, [sampleSlot('a-1')]));
  await spoil(place, 'a-1', 'x.txt', 'hello');
  await spoil(place, 'nobody', 'x.txt', 'hello');
  await inQueue(place, async (opened) => {
    await queuePass(opened);
    expect(await slotCells(place)).toEqual([]);
    expect((await claimOne(opened.queue, 'a-1')).claim.token).toBe(1);
  });
});

test('files of the queue that are no work are named, stay where they are, and hold nobody else up.', async () => {
  await using place = await queuePlace('local');
  const { folder } = place;
  await inQueue(place, ({ workspace }) => putWork(workspace, [sampleSlot('a-1')]));
  const bad: Readonly<Record<string, string>> = {
    'queue/items/broken.yaml': 'title: [\n',
    'queue/items/other.yaml': await folder.git('show', 'main:queue/items/a.yaml'),
    'queue/slots/broken.json': '{"slot_id": 7',
    'queue/slots/few.json': '{"slot_id": "few"}',
  };
  for (const [path, text] of Object.entries(bad)) await folder.write(path, text);
  await commitAll(folder);
  await inQueue(place, async (opened) => {
    await completeHeld(opened.queue, await claimOne(opened.queue, 'a-1'), passed);
    await queuePass(opened);
    const { slots, bad: problems } = await listQueue(opened.queue, {});
    expect(slots).toEqual([]);
    expect(problems).toHaveLength(4);
    for (const path of Object.keys(bad)) {
      expect(problems.join('\n')).toContain(path);
      expect(opened.workspace.warnings.filter((words) => words.includes(path))).toHaveLength(1);
      expect(await folder.exists(path)).toBe(true);
    }
  });
});
