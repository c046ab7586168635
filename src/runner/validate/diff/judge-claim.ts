import type { SlotEvent } from '../../../contracts/slot-event.ts';
import type { Claim, WorkSlot } from '../../../contracts/work.ts';

/** A slot and the number of a claim, as somebody names them. */
export interface NamedClaim {
  readonly slot: string;
  readonly token: number;
  readonly nonce?: string;
}

/** What the ledger and the slot's cell say of one slot. */
export interface KnownSlot {
  readonly events: readonly Pick<SlotEvent, 'event' | 'token'>[];
  /** While it is in the queue. */
  readonly live: Pick<WorkSlot, 'token'> | undefined;
  /** The newest word of its cell, where that is here. */
  readonly cell: Pick<Claim, 'token' | 'nonce' | 'state' | 'worker_id'> | undefined;
  /** False when the ledger branch is not here, so that much may be known elsewhere. */
  readonly complete: boolean;
}

export type ClaimVerdict =
  | { readonly verdict: 'current' }
  | { readonly verdict: 'stale' | 'unknown'; readonly why: string };

const lost = ['released', 'expired', 'dead', 'cancelled'] as const;

/** Says whether a claim is one whose result counts: the one that holds the slot, or the one that ended it. Pure. */
export function judgeClaim(claim: NamedClaim, known: KnownSlot): ClaimVerdict {
  return known.cell === undefined ? byRecords(claim, known) : byCell(claim, known.cell, known);
}

function byCell(
  { token, nonce }: NamedClaim,
  cell: NonNullable<KnownSlot['cell']>,
  known: KnownSlot,
): ClaimVerdict {
  // A slot that was revived starts from its last token: what the records say of lives before still holds.
  const ended = known.events.some((one) => one.token === token && isResult(one.event));
  if (token !== cell.token && ended) return { verdict: 'current' };
  if (token < cell.token) return stale(`the slot went on with token ${cell.token}, for ${cell.worker_id}`);
  if (token > cell.token) return stale(`the newest claim of the slot has token ${cell.token}`);
  if (nonce !== undefined && nonce !== cell.nonce)
    return stale(`${cell.worker_id} has that token, with another nonce`);
  const isLost = lost.find((state) => state === cell.state);
  return isLost === undefined ? { verdict: 'current' } : stale(`that claim was ${isLost}`);
}

function byRecords({ slot, token }: NamedClaim, { events, live, complete }: KnownSlot): ClaimVerdict {
  const own = events.filter((one) => one.token === token).map(({ event }) => event);
  const isLost = own.find((event) => lost.some((word) => word === event));
  if (isLost !== undefined) return stale(`that claim is recorded as ${isLost}`);
  if (own.some(isResult)) return { verdict: 'current' };
  const newest = Math.max(0, live?.token ?? 0, ...events.map((one) => one.token));
  if (token <= newest && newest > 0)
    return stale(`the slot has come to token ${newest}, and no result has this one`);
  if (!complete) return unknown('the ledger branch is not here');
  if (live !== undefined) return unknown(`the cell of ${slot} is not here`);
  return stale(newest === 0 ? 'no such slot was ever queued' : `the slot ended with token ${newest}`);
}

function isResult(event: SlotEvent['event']): boolean {
  return event === 'shipped' || event === 'failed';
}

function stale(why: string): ClaimVerdict {
  return { verdict: 'stale', why };
}

function unknown(why: string): ClaimVerdict {
  return { verdict: 'unknown', why };
}
