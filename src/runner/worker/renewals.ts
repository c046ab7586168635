import { type Held, TRUSTED_PART } from '../../queue/held.ts';

/** Renewed at this part of the lease, so that a lost answer leaves time for more than one try. */
const DUE_AT = 0.5;
/** When one has to be renewed anyway, others that are past this part come along in the same push. */
const ALONG_FROM = 0.25;

/** The part of its lease that a claim has behind it: 0 fresh, `TRUSTED_PART` when its holder may trust it no longer. */
function spent({ claim, untilMs }: Held, nowMs: number): number {
  return TRUSTED_PART - (untilMs - nowMs) / (claim.lease_seconds * 1_000);
}

/**
 * Which claims to renew now: none before one of them is at half its lease, then all that are past a quarter.
 * So the claims of a machine fall into step, and cost one push for each half of a lease. Pure.
 */
export function renewalsDue(held: readonly Held[], nowMs: number): Held[] {
  if (!held.some((one) => spent(one, nowMs) >= DUE_AT)) return [];
  return held.filter((one) => spent(one, nowMs) >= ALONG_FROM);
}

/** Milliseconds until the first claim is due; undefined when nothing is held. */
export function untilDue(held: readonly Held[], nowMs: number): number | undefined {
  const waits = held.map((one) => (DUE_AT - spent(one, nowMs)) * one.claim.lease_seconds * 1_000);
  return waits.length === 0 ? undefined : Math.max(0, Math.min(...waits));
}
