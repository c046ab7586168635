import type { Replay } from './judge-records.ts';
import type { SlotStory } from './slot-stories.ts';
import type { Violation } from './violation.ts';

type Fault = Omit<Violation, 'slot' | 'item'>;

/** A slot is in exactly one place: the queue, among the dead, or ended in the records. Pure. */
export function judgeSlot(story: SlotStory, hasItem: boolean): Violation[] {
  const { slot, item } = story;
  const faults = [...placeFaults(story), ...tokenFaults(story), ...itemFaults(story, hasItem)];
  return faults.map((fault) => ({ ...fault, slot, ...(item === undefined ? {} : { item }) }));
}

function placeFaults({ live, dead, named, replay }: SlotStory): Fault[] {
  const { end } = replay;
  if (live !== undefined && end !== undefined) return [stillLive(live.where, end)];
  if (live !== undefined && dead !== undefined)
    return [
      { rule: 'two-places', where: dead.where, found: `${live.where} as well`, expected: 'one of them' },
    ];
  if (dead !== undefined) return end?.event === 'dead' ? [] : [notDead(dead.where, end)];
  if (live !== undefined || (end !== undefined && end.event !== 'dead')) return [];
  const where = end?.where ?? named;
  const found = end === undefined ? 'no slot, no dead letter and no end' : 'dead, without a dead letter';
  return where === undefined ? [] : [{ rule: 'lost-slot', where, found, expected: 'the slot in one place' }];
}

/** A slot goes on where its last life stopped. */
function tokenFaults({ live, dead, replay }: SlotStory): Fault[] {
  const [where, token] =
    live === undefined ? [dead?.where, dead?.said.slot.token] : [live.where, live.said.token];
  const known = replay.ends.length > 0 && (live !== undefined || replay.end?.event === 'dead');
  if (where === undefined || token === undefined || !known || token === replay.last) return [];
  return [{ rule: 'token-not-next', where, found: `token ${token}`, expected: `token ${replay.last}` }];
}

function itemFaults({ live, dead, item }: SlotStory, hasItem: boolean): Fault[] {
  const where = live?.where ?? dead?.where;
  if (where === undefined || hasItem) return [];
  return [{ rule: 'lost-item', where, found: `a slot of ${item}`, expected: `queue/items/${item}.yaml` }];
}

function stillLive(where: string, end: NonNullable<Replay['end']>): Fault {
  const found = `a slot that ${end.where} says is ${end.event}`;
  return { rule: 'after-the-end', where, found, expected: 'no slot in the queue' };
}

function notDead(where: string, end: Replay['end']): Fault {
  const found = end === undefined ? 'no end in the records' : `${end.event} in ${end.where}`;
  return { rule: 'two-places', where, found, expected: 'dead in the records' };
}
