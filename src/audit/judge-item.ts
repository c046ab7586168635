import type { Placed } from './evidence.ts';
import type { ItemStory } from './item-stories.ts';
import type { ItemFile, ItemStatement } from './statements.ts';
import type { Violation } from './violation.ts';

type Fault = Omit<Violation, 'slot' | 'item'>;

/** An item is live until its slots have ended, and then it closes exactly once. Pure. */
export function judgeItem(story: ItemStory): Violation[] {
  const { item, file } = story;
  const faults = file === undefined ? [] : [...slotFaults(story, file), ...endedFaults(story, file)];
  return [...closingFaults(story), ...faults].map((fault) => ({ ...fault, item }));
}

function closingFaults(story: ItemStory): Fault[] {
  const { file, events } = story;
  const faults: Fault[] = [];
  let closed: Placed<ItemStatement> | undefined;
  for (const event of events) {
    const closing = isClosing(event);
    if (closing && closed !== undefined) faults.push(closedTwice(event, closed));
    if (closing) faults.push(...endsFaults(story, event));
    if (closing || event.said.event === 'revived') closed = closing ? event : undefined;
  }
  const last = events.at(-1);
  if (file === undefined && closed === undefined && last !== undefined) faults.push(lostItem(last));
  if (file !== undefined && closed !== undefined) faults.push(stillThere(file, closed));
  const open = file !== undefined && closed === undefined;
  return open && file.said.slots.every((slot) => hasEnded(story, slot))
    ? [...faults, notClosed(file)]
    : faults;
}

function isClosing({ said }: Placed<ItemStatement>): boolean {
  return said.event === 'complete' || said.event === 'cancelled';
}

/** A dead slot waits for a person, and its item with it. */
function hasEnded({ ends }: ItemStory, slot: string): boolean {
  const end = ends.get(slot)?.event;
  return end !== undefined && end !== 'dead';
}

function endsFaults(story: ItemStory, { said, where }: Placed<ItemStatement>): Fault[] {
  const open = said.slots.filter((slot) => !hasEnded(story, slot));
  if (open.length > 0)
    return [
      {
        rule: 'closed-early',
        where,
        found: `${open.join(', ')} without an end`,
        expected: 'every slot ended',
      },
    ];
  if (said.ends === undefined) return [];
  const counts: Record<string, number> = {};
  for (const slot of said.slots) {
    const end = story.ends.get(slot)?.event ?? '';
    counts[end] = (counts[end] ?? 0) + 1;
  }
  const [found, expected] = [spell(said.ends), spell(counts)];
  return found === expected ? [] : [{ rule: 'bad-item', where, found, expected }];
}

function spell(counts: Readonly<Record<string, number | undefined>>): string {
  const parts = Object.entries(counts).map(([end, count]) => `${count} ${end}`);
  return parts.sort().join(', ');
}

function slotFaults({ events }: ItemStory, { said, where }: Placed<ItemFile>): Fault[] {
  const queued = events.find((one) => one.said.event === 'queued')?.said.slots;
  const [found, expected] = [said.slots.toSorted().join(', '), queued?.toSorted().join(', ')];
  return expected === undefined || found === expected ? [] : [{ rule: 'bad-item', where, found, expected }];
}

/** What an item says of its slots that have left agrees with the records. */
function endedFaults(story: ItemStory, { said, where }: Placed<ItemFile>): Fault[] {
  return [...new Set([...said.slots, ...Object.keys(said.ended)])].flatMap((slot) => {
    const told = said.ended[slot];
    const end = hasEnded(story, slot) ? story.ends.get(slot) : undefined;
    if (told?.end === end?.event && told?.token === end?.token) return [];
    const found = told === undefined ? `${slot} not ended` : `${slot} ${told.end} with token ${told.token}`;
    const expected = end === undefined ? 'no end' : `${end.event} with token ${end.token}`;
    return [{ rule: 'bad-item', where, found, expected }];
  });
}

function closedTwice({ said, where }: Placed<ItemStatement>, first: Placed<ItemStatement>): Fault {
  return { rule: 'ended-twice', where, found: said.event, expected: `nothing after ${first.where}` };
}

function lostItem({ said, where }: Placed<ItemStatement>): Fault {
  return { rule: 'lost-item', where, found: `${said.event}, and no item`, expected: 'the item, or its end' };
}

function stillThere({ where }: Placed<ItemFile>, closed: Placed<ItemStatement>): Fault {
  const found = `an item that ${closed.where} says is ${closed.said.event}`;
  return { rule: 'after-the-end', where, found, expected: 'no item in the queue' };
}

function notClosed({ where }: Placed<ItemFile>): Fault {
  return {
    rule: 'not-closed',
    where,
    found: 'every slot ended',
    expected: 'a record that the item is closed',
  };
}
