import { type SlotEvent, slotEvent } from '../../../contracts/slot-event.ts';
import { type Claim, deadLetter, type WorkSlot, workSlot } from '../../../contracts/work.ts';
import { Snapshot } from '../../../git/snapshot.ts';
import { listSegments } from '../../../ledger/segments.ts';
import { deadPath, slotPath } from '../../../queue/paths.ts';
import { claimAt } from '../../../queue/read-claims.ts';
import type { DiffGround } from './diff-ground.ts';
import type { KnownSlot } from './judge-claim.ts';

/** What the base, the ledger and the cells that are here say of some slots. Records of other slots are passed over. */
export async function readKnownSlots(
  ground: DiffGround,
  slots: ReadonlySet<string>,
): Promise<ReadonlyMap<string, KnownSlot>> {
  const { settings, places, atBase } = ground;
  const snapshots = await ledgerSnapshots(ground);
  const complete = places.ledgers.length > 0 || settings.ledger_branch === settings.base_branch;
  const events = await eventsOf([atBase, ...snapshots], slots);
  const known = [...slots].map(async (slot): Promise<[string, KnownSlot]> => {
    const live = await liveSlot([...snapshots, atBase], slot);
    return [slot, { live, complete, cell: await cellOf(ground, slot), events: events.get(slot) ?? [] }];
  });
  return new Map(await Promise.all(known));
}

async function ledgerSnapshots({ store, places }: DiffGround): Promise<Snapshot[]> {
  return Promise.all(places.ledgers.map(async (oid) => new Snapshot(store, await store.treeOf(oid))));
}

async function eventsOf(
  snapshots: readonly Snapshot[],
  slots: ReadonlySet<string>,
): Promise<Map<string, SlotEvent[]>> {
  const events = new Map<string, SlotEvent[]>();
  const seen = new Set<string>();
  for (const snapshot of snapshots) {
    for (const { oid } of await listSegments(snapshot, slotEvent.name)) {
      if (seen.has(oid)) continue;
      seen.add(oid);
      const content = (await snapshot.blob(oid)).toString('utf8');
      for (const event of eventsIn(content, slots))
        events.set(event.slot_id, [...(events.get(event.slot_id) ?? []), event]);
    }
  }
  return events;
}

/** Only lines that name one of the slots are parsed: there may be a million others. */
function eventsIn(content: string, slots: ReadonlySet<string>): SlotEvent[] {
  return [...content.matchAll(/^.*"slot_id":\s*"([^"]+)".*$/gm)].flatMap(([line, slot = '']) => {
    if (!slots.has(slot)) return [];
    const read = slotEvent.fields.loose().safeParse(jsonOf(line));
    return read.success && read.data.slot_id === slot ? [read.data] : [];
  });
}

async function liveSlot(snapshots: readonly Snapshot[], slot: string): Promise<WorkSlot | undefined> {
  for (const snapshot of snapshots) {
    const live = workSlot.safeParse(jsonOf(await snapshot.text(slotPath(slot))));
    if (live.success) return live.data;
    const dead = deadLetter.safeParse(jsonOf(await snapshot.text(deadPath(slot))));
    if (dead.success) return dead.data.slot;
  }
  return undefined;
}

async function cellOf({ store, places }: DiffGround, slot: string): Promise<Claim | undefined> {
  const commit = places.cells.get(slot);
  return commit === undefined ? undefined : ((await claimAt(store, slot, commit)) ?? undefined);
}

function jsonOf(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
