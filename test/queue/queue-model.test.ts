import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ItemEvent, SlotEvent } from '../../src/contracts/slot-event.ts';
import { readEntries } from '../../src/ledger/read-entries.ts';
import { chooseSeed } from '../e2e/seeded-random.ts';
import { acts, anyCommand, claims, dies, folds, goesOn, passes } from './queue-commands.ts';
import { type Crew, hire, slots } from './queue-crew.ts';
import { QueueModel } from './queue-model.ts';

const stories = Number(process.env.MILLWRIGHT_STORIES ?? 200);
const limit = 60_000 + stories * 200;

test(
  'whatever happens in whatever order, no slot has two holders, none is lost, and each ends once a life.',
  async () => {
    const seed = chooseSeed('MILLWRIGHT_QUEUE_SEED');
    const since = performance.now();
    let steps = 0;
    const story = fc.asyncProperty(
      fc.commands(anyCommand(), { maxCommands: 40, size: 'max' }),
      async (commands) => {
        await using crew = await hire();
        const model = new QueueModel(slots);
        await fc.asyncModelRun(() => ({ model, real: crew }), commands);
        steps += [...commands].length;
        await bringToItsEnd(model, crew);
        await provedByRecords(model, crew);
      },
    );
    await fc.assert(story, { numRuns: stories, seed, endOnFailure: stories > 1_000 });
    process.stdout.write(
      `queue seed ${seed}: ${stories} stories, ${steps} steps, ${Math.round(performance.now() - since)} ms\n`,
    );
    expect(steps).toBeGreaterThan(stories);
  },
  limit,
);

/** Everybody who stands goes on, and dies; then one worker starts anew and does all that can be done. */
async function bringToItsEnd(model: QueueModel, crew: Crew): Promise<void> {
  const play = (...commands: { run(m: QueueModel, r: Crew): Promise<void> }[]) =>
    commands.reduce((before, command) => before.then(() => command.run(model, crew)), Promise.resolve());
  await play(goesOn(0), goesOn(1), goesOn(2), dies(0), dies(1), dies(2));
  const left = () => [...model.slots.values()].filter((one) => one.cell || !model.isAtItsEnd(one));
  for (let round = 0; round < 12 && left().length > 0; round += 1) {
    const each = model.slots.size;
    for (let at = 0; at < each; at += 1)
      await play(passes(0.1), claims(0, 'none'), acts(0, 'pass', 0, 'none'));
    await play(passes(100), folds(undefined));
  }
  expect(left()).toEqual([]);
}

async function provedByRecords(model: QueueModel, { desk }: Crew): Promise<void> {
  const { snapshot } = await desk.workspace.log.tip();
  const events = await readEntries<SlotEvent>(snapshot, 'slot_event');
  for (const [id, { ends }] of model.slots) {
    const mine = events.filter(({ slot_id }) => slot_id === id);
    const told = mine.filter(({ event }) => ['shipped', 'failed', 'dead', 'cancelled'].includes(event));
    expect(told.map(({ event }) => event)).toEqual(ends);
    const tokens = mine.filter(({ event }) => event === 'claimed').map(({ token }) => token);
    expect(tokens).toEqual([...new Set(tokens)].sort((a, b) => a - b));
  }
  const outcomes = await readEntries(snapshot, 'outcome');
  const judged = [...model.slots.values()].flatMap(({ ends }) => ends).filter((end) => end !== 'cancelled');
  expect(outcomes).toHaveLength(judged.length);
  const closed = [...model.items].filter(([, item]) => item.closed);
  const items = await readEntries<ItemEvent>(snapshot, 'item_event');
  expect(new Set(items.map(({ item_id, event }) => `${item_id} ${event}`))).toEqual(
    new Set(closed.map(([id, { cancelled }]) => `${id} ${cancelled ? 'cancelled' : 'complete'}`)),
  );
  expect(items).toHaveLength(closed.length);
  const kept = (await snapshot.list('queue/rejected/claim')).filter(
    ({ name }) => !name.endsWith('.error.md'),
  );
  expect(kept).toHaveLength(model.late);
}
