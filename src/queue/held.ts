import type { Claim, WorkSlot } from '../contracts/work.ts';
import type { Oid } from '../git/repository.ts';

/** A claim that this process holds. */
export interface Held {
  readonly slot: WorkSlot;
  readonly claim: Claim;
  /** The commit that the cell has to hold for the claim to be ours. */
  readonly commit: Oid;
  /** On the holder's monotonic clock, from before the push: from then on somebody else may have it. */
  readonly untilMs: number;
}

/** A holder stops at this part of the lease: what it still has under way has to end before others may start. */
export const TRUSTED_PART = 0.9;

export function heldFrom(slot: WorkSlot, claim: Claim, commit: Oid, beforePushMs: number): Held {
  return { slot, claim, commit, untilMs: beforePushMs + claim.lease_seconds * 1_000 * TRUSTED_PART };
}
