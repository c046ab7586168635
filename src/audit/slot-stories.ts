import type { LedgerEvidence, Placed } from './evidence.ts';
import { judgeRecords, type Replay } from './judge-records.ts';
import type { DeadFile, ItemStatement, OutcomeStatement, SlotFile, SlotStatement } from './statements.ts';

/** Everything that the ledger says about one slot. */
export interface SlotStory {
  readonly slot: string;
  /** Undefined: nothing but an outcome or a cell names it. */
  readonly item: string | undefined;
  readonly live: Placed<SlotFile> | undefined;
  readonly dead: Placed<DeadFile> | undefined;
  /** Where it was said that the slot exists, when the queue or an item said so. */
  readonly named: string | undefined;
  readonly replay: Replay;
  /** Commits of its cell whose words are in the records. */
  readonly recorded: ReadonlySet<string>;
  readonly outcomes: readonly Placed<OutcomeStatement>[];
}

/** Gathers what the ledger says by slot. Pure. */
export function slotStories(ledger: LedgerEvidence): Map<string, SlotStory> {
  const events = grouped(ledger.slotEvents, ({ slot_id }) => slot_id);
  const outcomes = grouped(ledger.outcomes, ({ extra }) => extra.slot_id);
  const named = namedSlots(ledger);
  const all = new Set([
    ...named.keys(),
    ...events.keys(),
    ...ledger.live.keys(),
    ...ledger.dead.keys(),
    ...outcomes.keys(),
  ]);
  return new Map(
    [...all].map((slot) => {
      const mine = events.get(slot) ?? [];
      const [live, dead] = [ledger.live.get(slot), ledger.dead.get(slot)];
      const item =
        live?.said.item_id ?? dead?.said.slot.item_id ?? named.get(slot)?.item ?? mine[0]?.said.item_id;
      return [
        slot,
        {
          ...told(mine, slot),
          slot,
          item,
          live,
          dead,
          named: named.get(slot)?.where,
          outcomes: outcomes.get(slot) ?? [],
        },
      ];
    }),
  );
}

function told(
  events: readonly Placed<SlotStatement>[],
  slot: string,
): Pick<SlotStory, 'replay' | 'recorded'> {
  const recorded = new Set(events.flatMap(({ said }) => said.commit ?? []));
  return { replay: judgeRecords(slot, events), recorded };
}

/** A record that is there twice says nothing twice: `judgeTwice` tells of it. */
function grouped<Statement extends { readonly id: string }>(
  records: readonly Placed<Statement>[],
  slotOf: (said: Statement) => string,
): Map<string, Placed<Statement>[]> {
  const seen = new Set<string>();
  const groups = new Map<string, Placed<Statement>[]>();
  for (const record of records) {
    if (seen.has(record.said.id)) continue;
    seen.add(record.said.id);
    const slot = slotOf(record.said);
    const group = groups.get(slot);
    if (group === undefined) groups.set(slot, [record]);
    else group.push(record);
  }
  return groups;
}

function namedSlots({ items, itemEvents }: LedgerEvidence): Map<string, { item: string; where: string }> {
  const said = [...itemEvents, ...items.values()] as readonly Placed<
    Pick<ItemStatement, 'item_id' | 'slots'>
  >[];
  return new Map(
    said.flatMap(({ said: { item_id: item, slots }, where }) => slots.map((slot) => [slot, { item, where }])),
  );
}
