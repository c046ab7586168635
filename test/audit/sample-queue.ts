import type { CellEvidence, LedgerEvidence, Placed } from '../../src/audit/evidence.ts';
import type { Hold } from '../../src/audit/judge-holds.ts';
import type {
  ClaimStatement,
  DeadFile,
  ItemFile,
  ItemStatement,
  OutcomeStatement,
  SlotFile,
  SlotStatement,
} from '../../src/audit/statements.ts';
import type { Violation } from '../../src/audit/violation.ts';

/** Evidence that a test can spoil. */
export interface SampleQueue {
  cells: CellEvidence[];
  holds: Hold[];
  ledger: {
    items: Map<string, Placed<ItemFile>>;
    live: Map<string, Placed<SlotFile>>;
    dead: Map<string, Placed<DeadFile>>;
    slotEvents: Placed<SlotStatement>[];
    itemEvents: Placed<ItemStatement>[];
    outcomes: Placed<OutcomeStatement>[];
    unreadable: Violation[];
  } & LedgerEvidence;
}

export type Said = Partial<ClaimStatement> & { readonly expires?: boolean };

/** A claim of a slot of item `i1`; its nonce comes from its token, unless it is given. */
export function claimOf(slot: string, { expires: _, ...said }: Said): ClaimStatement {
  const token = said.token ?? 1;
  const nonce = `${slot}-${token}`;
  const worker_id = `w${token}`;
  return { slot_id: slot, item_id: 'i1', state: 'claimed', worker_id, token, nonce, ...said };
}

/** A cell that said these things one after the other. A text stands for a file as it is, null for none. */
export function cellOf(slot: string, ...said: readonly (Said | string | null)[]): CellEvidence {
  const commits = said.map((one, at) => ({
    commit: `${slot}#${at + 1}`,
    parents: at === 0 ? [] : [`${slot}#${at}`],
    content: one === null ? undefined : typeof one === 'string' ? one : JSON.stringify(claimOf(slot, one)),
  }));
  return { slot, tip: `${slot}#${said.length}`, commits };
}

/** What a takeover says of the claim before it. */
export function expiredAt(slot: string, at: number, token: number): NonNullable<ClaimStatement['expired']> {
  return { commit: `${slot}#${at}`, token, worker_id: `w${token}`, judged_by: 'seen unchanged for 6 s' };
}

let line = 0;

/** As it would lie in a segment. Each has an id and a place of its own. */
export function event(
  slot_id: string,
  name: SlotStatement['event'],
  token: number,
  more: Partial<SlotStatement> = {},
): Placed<SlotStatement> {
  line += 1;
  const said = {
    id: `e${line}`,
    slot_id,
    item_id: 'i1',
    event: name,
    token,
    worker_id: `w${token}`,
    ...more,
  };
  return { said, where: `state/slot_event/2026-11/0001.jsonl:${line}` };
}

export function itemEvent(
  name: ItemStatement['event'],
  slots: readonly string[],
  more: Partial<ItemStatement> = {},
): Placed<ItemStatement> {
  line += 1;
  const said = { id: `i${line}`, item_id: 'i1', event: name, slots: [...slots], ...more };
  return { said, where: `state/item_event/2026-11/0001.jsonl:${line}` };
}

export function outcomeOf(
  slot_id: string,
  outcome: string,
  token: number,
  more: Partial<OutcomeStatement> = {},
): Placed<OutcomeStatement> {
  line += 1;
  const said = { id: `o${line}`, outcome, extra: { slot_id, token }, ...more };
  return { said, where: `state/outcome/2026-11/0001.jsonl:${line}` };
}

export function liveSlot(slot_id: string, token = 0): [string, Placed<SlotFile>] {
  return [slot_id, { said: { slot_id, item_id: 'i1', token }, where: `queue/slots/${slot_id}.json` }];
}

export function deadSlot(slot_id: string, token: number): [string, Placed<DeadFile>] {
  const said = { slot: { slot_id, item_id: 'i1', token }, attempts: 5 };
  return [slot_id, { said, where: `queue/dead/${slot_id}.json` }];
}

export function item(slots: readonly string[], ended: ItemFile['ended']): [string, Placed<ItemFile>] {
  return ['i1', { said: { item_id: 'i1', slots: [...slots], ended }, where: 'queue/items/i1.yaml' }];
}

export const sampleSlots = [
  'shipped',
  'failed',
  'dead',
  'revived',
  'cancelled',
  'working',
  'done',
  'waiting',
];

/**
 * One item with a slot in every state that there is, nothing wrong with any of them, and a second item, `i2`,
 * that is complete.
 */
export function sampleQueue(): SampleQueue {
  const ends = { shipped: { end: 'shipped', token: 2 }, failed: { end: 'failed', token: 2 } } as const;
  return {
    cells: [
      cellOf('working', {}, {}, { token: 2, expired: expiredAt('working', 2, 1) }),
      cellOf('done', {}, { state: 'released' }, { token: 2 }, { token: 2, state: 'shipped' }),
      // Folded, and the pass was killed before it deleted the cell.
      cellOf(
        'shipped',
        {},
        { state: 'released', expired: expiredAt('shipped', 1, 1) },
        { token: 2 },
        { token: 2, state: 'shipped' },
      ),
      // Claimed by somebody who had looked before the slot left the queue.
      cellOf('failed', { nonce: 'stray' }),
    ],
    holds: [
      { slot: 'shipped', worker: 'w1', token: 1, from: 0, to: 10 },
      { slot: 'shipped', worker: 'w2', token: 2, from: 10, to: 20 },
      { slot: 'failed', worker: 'w1', token: 1, from: 5, to: 15 },
    ],
    ledger: {
      items: new Map([item(sampleSlots, { ...ends, cancelled: { end: 'cancelled', token: 1 } })]),
      live: new Map([liveSlot('revived', 1), liveSlot('working'), liveSlot('done'), liveSlot('waiting')]),
      dead: new Map([deadSlot('dead', 1)]),
      slotEvents: [
        event('shipped', 'claimed', 1, { commit: 'shipped#1' }),
        event('shipped', 'expired', 1, { commit: 'shipped#2' }),
        event('shipped', 'claimed', 2, { commit: 'shipped#3' }),
        event('shipped', 'shipped', 2, { commit: 'shipped#4' }),
        event('failed', 'claimed', 1),
        event('failed', 'renewed', 1),
        event('failed', 'expired', 1, { commit: 'f' }),
        event('failed', 'claimed', 2, { commit: 'f' }),
        event('failed', 'failed', 2),
        event('dead', 'claimed', 1),
        event('dead', 'expired', 1, { commit: 'd' }),
        event('dead', 'dead', 1, { commit: 'd' }),
        event('revived', 'claimed', 1),
        event('revived', 'dead', 1),
        event('revived', 'revived', 1, { worker_id: undefined }),
        event('cancelled', 'claimed', 1),
        event('cancelled', 'released', 1),
        event('cancelled', 'cancelled', 1, { worker_id: undefined }),
        event('two', 'claimed', 1, { item_id: 'i2' }),
        event('two', 'shipped', 1, { item_id: 'i2' }),
      ],
      itemEvents: [
        itemEvent('queued', sampleSlots),
        itemEvent('queued', ['two'], { item_id: 'i2' }),
        itemEvent('complete', ['two'], { item_id: 'i2', ends: { shipped: 1 } }),
      ],
      outcomes: [
        outcomeOf('shipped', 'accepted', 2),
        outcomeOf('failed', 'failed', 2),
        outcomeOf('dead', 'error', 1),
        outcomeOf('revived', 'error', 1),
        outcomeOf('two', 'accepted', 1),
      ],
      unreadable: [],
    },
  };
}
