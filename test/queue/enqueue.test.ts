import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { installFaultHook } from '../../src/contracts/fault-point.ts';
import type { ItemEvent } from '../../src/contracts/slot-event.ts';
import { readEntries } from '../../src/ledger/read-entries.ts';
import { listQueue } from '../../src/queue/list-queue.ts';
import { jsonOf, runCliIn } from '../cli/run-cli-in.ts';
import { place as drop } from '../e2e/prepared-workspace.ts';
import { cloneFrom, inQueue, type Opened, type QueuePlace, queuePass, queuePlace } from './queue-place.ts';

async function queued({ workspace, queue }: Opened) {
  const { snapshot } = await workspace.log.tip();
  const events = await readEntries<ItemEvent>(snapshot, 'item_event');
  const thoughts = await readEntries(snapshot, 'thought');
  const { slots, items, bad } = await listQueue(queue, {});
  return { events, thoughts, slots, items, bad };
}

const passAndSee = (place: QueuePlace) =>
  inQueue(place, async (opened) => {
    await queuePass(opened);
    return queued(opened);
  });

describe('a thought enters the queue', () => {
  test('by command, by markdown, by a dropped file and as a cell: five slots each, all in the commit that records it.', async () => {
    await using place = await queuePlace('path remote');
    await using phone = await cloneFrom(place);
    const { dir } = place.folder;
    const said = await runCliIn(dir, ['thought', 'a wheel', '--id', 't1', '--category', 'wheels', '--json']);
    expect(jsonOf(said)).toEqual({
      thought_id: 't1',
      id: 't1',
      path: 'queue/inbox/thought/t1.json',
      place: 'inbox',
    });
    await drop(
      dir,
      'queue/inbox/thought/t2.md',
      '---\ncategory: wheels\npriority: 3\n---\nA *rounder* wheel.\n',
    );
    const file = join(dirname(dir), 't3.json');
    await writeFile(file, JSON.stringify({ thought_id: 't3', text: 'The roundest wheel.' }));
    expect((await runCliIn(dir, ['drop', file, '--kind', 'thought'])).code).toBe(0);
    const sent = await runCliIn(phone.dir, ['thought', 'no wheel', '--id', 't4', '--push', '--json']);
    expect(jsonOf(sent)).toMatchObject({ thought_id: 't4', place: 'cell' });

    const { slots, items, events, bad } = await passAndSee(place);
    expect(bad).toEqual([]);
    const ids = ['t1', 't2', 't3', 't4'];
    const expected = ids.flatMap((id) => [1, 2, 3, 4, 5].map((n) => `${id}-v${n}`));
    expect(new Set(slots.map(({ slot_id }) => slot_id))).toEqual(new Set(expected));
    expect(slots.every(({ state }) => state === 'pending')).toBe(true);
    expect(slots.find(({ slot_id }) => slot_id === 't2-v5')).toMatchObject({ priority: 3, label: 'bold' });
    expect(new Set(items.map(({ title }) => title))).toEqual(
      new Set(['a wheel', 'A *rounder* wheel.', 'The roundest wheel.', 'no wheel']),
    );
    expect(new Set(events.map(({ item_id, event }) => `${item_id} ${event}`))).toEqual(
      new Set(ids.map((id) => `${id} queued`)),
    );
    expect(events).toHaveLength(4);
    const commit = await place.truth.git(
      'log',
      '--format=%H',
      '--diff-filter=A',
      'main',
      '--',
      'queue/items/t1.yaml',
    );
    const files = await place.truth.git('show', '--format=', '--name-only', commit);
    expect(files).toMatch(/^state\/thought\//m);
    expect(files).toContain('queue/slots/t1-v1.json');
  });

  test('once, however often it is said, and also when it is done.', async () => {
    await using place = await queuePlace('local');
    const { dir } = place.folder;
    for (let at = 0; at < 2; at += 1) {
      expect((await runCliIn(dir, ['thought', 'a wheel', '--id', 't1'])).code).toBe(0);
      const { slots, events, thoughts } = await passAndSee(place);
      expect([slots.length, events.length, thoughts.length]).toEqual([5, 1, 1]);
    }
    await runCliIn(dir, ['queue', 'cancel', 't1']);
    await passAndSee(place);
    await runCliIn(dir, ['thought', 'a wheel', '--id', 't1']);
    const { slots, events } = await passAndSee(place);
    expect([slots.length, events.length]).toEqual([0, 2]);
  });

  test('once, when the pass dies right after it was recorded.', async () => {
    await using place = await queuePlace('local');
    await runCliIn(place.folder.dir, ['thought', 'a wheel', '--id', 't1']);
    const died = new Error('killed');
    installFaultHook((point) => {
      if (point === 'intake:recorded') throw died;
    });
    try {
      await inQueue(place, (opened) => expect(queuePass(opened)).rejects.toBe(died));
    } finally {
      installFaultHook(undefined);
    }
    const { slots, events, thoughts } = await passAndSee(place);
    expect([slots.length, events.length, thoughts.length]).toEqual([5, 1, 1]);
  });

  test('by import, each row once.', async () => {
    await using place = await queuePlace('local');
    const { dir } = place.folder;
    const [rows, map] = [join(dirname(dir), 'rows.jsonl'), join(dirname(dir), 'map.yaml')];
    const lines = ['one', 'two', 'three'].map((name) => JSON.stringify({ key: name, words: `make ${name}` }));
    await writeFile(rows, lines.join('\n'));
    await writeFile(map, 'id: [key]\nfields:\n  text: { from: words }\n');
    for (let at = 0; at < 2; at += 1) {
      const answer = await runCliIn(dir, ['import', rows, '--kind', 'thought', '--map', map]);
      expect(answer).toMatchObject({ code: 0 });
    }
    const { slots, events, thoughts } = await inQueue(place, queued);
    expect([slots.length, events.length, thoughts.length]).toEqual([15, 3, 3]);
  });

  test('with a text of any letters and 100,000 of them, which reaches whoever claims it.', async () => {
    await using place = await queuePlace('local');
    const { dir } = place.folder;
    const text = `{{ 7 * 7 }} {% for %} "quotes" 'and' $(id)\n\n${'wheels'.repeat(16_000)}`;
    await drop(dir, 'queue/inbox/thought/t1.json', JSON.stringify({ text }));
    await passAndSee(place);
    const answer = await runCliIn(dir, ['queue', 'claim', '--json']);
    const { variables } = jsonOf(answer) as { variables: { text: string } };
    expect(variables.text === text).toBe(true);
  });
});

describe('at the door', () => {
  test('an id that would break a ref or a branch is refused with the field, and nothing is written.', async () => {
    await using place = await queuePlace('local');
    for (const id of ['../x', 'a..b', 'a.lock', 'a b', 'a/b', 'x'.repeat(61)]) {
      const answer = await runCliIn(place.folder.dir, ['thought', 'a wheel', '--id', id, '--json']);
      const { error } = jsonOf(answer) as { error: { code: string; message: string } };
      expect([id, answer.code, error.code]).toEqual([id, 1, 'bad-contract']);
      expect(error.message).toMatch(/id/);
    }
    expect(await place.folder.git('status', '--porcelain')).toBe('');
  });

  test('what is no thought is refused, and wrong usage is told apart.', async () => {
    await using place = await queuePlace('local');
    const cases = [
      [['thought'], 2],
      [['thought', 'x', '--priority', 'high'], 2],
      [['thought', 'x', '--priority', '9999'], 1],
      [['thought', ''], 1],
      [['thought', 'x', '--constitution', '/etc/passwd'], 1],
    ] as const;
    for (const [argv, code] of cases)
      expect([argv, (await runCliIn(place.folder.dir, argv)).code]).toEqual([argv, code]);
    expect(await place.folder.git('status', '--porcelain')).toBe('');
  });
});
