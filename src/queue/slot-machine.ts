import { MillwrightError } from '../contracts/millwright-error.ts';
import type { Claim, SlotResult, WorkSlot } from '../contracts/work.ts';

/**
 * The life of a slot.
 *
 * A slot is *pending* while it lies in `queue/slots` and its cell is empty. A worker claims it by writing a claim
 * into the cell: the slot is *claimed*, under a token that is one more than the last and a nonce that only this
 * claim has. The holder renews the claim, which changes nothing but its time. It ends the claim in one of these
 * ways: *shipped* when the result passed its smoke test, *failed* when it did not, *cancelled* when the item was
 * cancelled meanwhile, or *released*, which makes the slot pending again. A release may say that the attempt
 * broke. A claim that is not renewed for its lease runs out: whoever notices takes the slot over with the next
 * token, or releases it for others. Both a broken attempt and a lease that ran out count as failed attempts, and
 * a slot with `max_attempts` of them is *dead*. Shipped, failed, dead and cancelled are ends: nothing follows in
 * the cell. A pass then folds the cell into the history. A dead slot may be revived by a person: that puts
 * it back into `queue/slots`, where the tokens go on from the last one. It is cancelled when its item is.
 */
const follows: Readonly<Record<Claim['state'] | 'pending', readonly Claim['state'][]>> = {
  pending: ['claimed', 'cancelled'],
  claimed: ['claimed', 'released', 'shipped', 'failed', 'dead', 'cancelled'],
  released: ['claimed', 'cancelled'],
  shipped: [],
  failed: [],
  dead: [],
  cancelled: [],
};

/** Who claims: one process, under an id of its own. */
export interface WorkerIdentity {
  readonly worker_id: string;
  readonly host: string;
  readonly pid: number;
}

/** What a step is written with: the time, by whose clock, and randomness for a new claim. */
export interface Stamp {
  readonly at: Date;
  readonly clock: Claim['clock'];
  readonly nonce: string;
}

/** Why a claim counts as abandoned, and which commit said so last. */
export interface Expiry {
  readonly commit: string;
  readonly judgedBy: string;
}

export function isEnd(state: Claim['state']): boolean {
  return follows[state].length === 0;
}

/** A claim of a slot that nobody holds. */
export function claimSlot(slot: WorkSlot, before: Claim | null, worker: WorkerIdentity, stamp: Stamp): Claim {
  const at = stamp.at.toISOString();
  const { slot_id, item_id, lease_seconds, max_attempts } = slot;
  const next: Claim = {
    slot_id,
    item_id,
    state: 'claimed',
    ...worker,
    // A stray claim of an earlier life may lie in the cell of a slot that was revived.
    token: Math.max(before?.token ?? 0, slot.token) + 1,
    nonce: stamp.nonce,
    claimed_at: at,
    renewed_at: at,
    clock: stamp.clock,
    lease_seconds,
    attempts: before?.attempts ?? 0,
    max_attempts,
    renewals: 0,
  };
  return checked(before, next);
}

/** Takes over a claim that ran out. When that was one attempt too many the slot is dead instead. */
export function takeOver(
  slot: WorkSlot,
  before: Claim,
  worker: WorkerIdentity,
  stamp: Stamp,
  expiry: Expiry,
): Claim {
  const expired = expiredOf(before, expiry);
  const attempts = before.attempts + 1;
  if (attempts >= before.max_attempts) return checked(before, deadOf(before, attempts, stamp, { expired }));
  return { ...claimSlot(slot, before, worker, stamp), attempts, expired };
}

/** Gives a claim that ran out back, for others to take. When that was one attempt too many the slot is dead. */
export function expire(before: Claim, stamp: Stamp, expiry: Expiry): Claim {
  const reason = 'the lease ran out';
  const expired = expiredOf(before, expiry);
  return giveBack(before, stamp, { reason, expired }, true);
}

export function renew(before: Claim, stamp: Stamp): Claim {
  const { expired: _told, ...held } = before;
  const { clock } = stamp;
  const next = { ...held, renewed_at: stamp.at.toISOString(), clock, renewals: before.renewals + 1 };
  return checked(before, next);
}

/** @param broke true: it counts as a failed attempt */
export function release(before: Claim, stamp: Stamp, reason: string, broke: boolean): Claim {
  return giveBack(before, stamp, { reason }, broke);
}

export function complete(before: Claim, stamp: Stamp, result: SlotResult): Claim {
  const state = result.smoke_test_pass ? 'shipped' : 'failed';
  return checked(before, ended(before, stamp, { state, result }));
}

export function cancel(before: Claim, stamp: Stamp, reason: string): Claim {
  return checked(before, ended(before, stamp, { state: 'cancelled', reason }));
}

function giveBack(
  before: Claim,
  stamp: Stamp,
  why: Pick<Claim, 'reason' | 'expired'>,
  broke: boolean,
): Claim {
  const attempts = before.attempts + (broke ? 1 : 0);
  if (broke && attempts >= before.max_attempts) return checked(before, deadOf(before, attempts, stamp, why));
  return checked(before, ended(before, stamp, { state: 'released', attempts, ...why }));
}

function deadOf(
  before: Claim,
  attempts: number,
  stamp: Stamp,
  why: Pick<Claim, 'reason' | 'expired'>,
): Claim {
  const reason = `${attempts} attempts failed; the last one: ${why.reason ?? 'the lease ran out'}`;
  return ended(before, stamp, { state: 'dead', attempts, ...why, reason });
}

function ended(before: Claim, stamp: Stamp, what: Partial<Claim>): Claim {
  const { expired: _told, reason: _said, ...held } = before;
  return { ...held, renewed_at: stamp.at.toISOString(), clock: stamp.clock, ...what };
}

function expiredOf(before: Claim, { commit, judgedBy }: Expiry): NonNullable<Claim['expired']> {
  return { commit, token: before.token, worker_id: before.worker_id, judged_by: judgedBy };
}

/** Throws `impossible-step`: no caller may write a claim that this machine does not know. */
function checked(before: Claim | null, next: Claim): Claim {
  const from = before?.state ?? 'pending';
  const newClaim = next.state === 'claimed' && next.nonce !== before?.nonce;
  const token = before?.token ?? 0;
  const tokenFits = newClaim ? next.token > token : next.token === token;
  if (follows[from].includes(next.state) && tokenFits) return next;
  throw new MillwrightError(
    'impossible-step',
    `expected one of ${follows[from].join(', ') || 'nothing'} after ${from} with token ${token}, found ${next.state} with token ${next.token}`,
    { retry: 'never', data: { slot: next.slot_id, from, to: next.state } },
  );
}
