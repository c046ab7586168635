import type { Claim } from '../contracts/work.ts';
import type { ServerTime } from '../git/ref-transport.ts';

export interface ExpiryFacts {
  /** For how long the judge has seen the claim unchanged, on its own monotonic clock. Milliseconds. */
  readonly unchangedMs: number;
  /** What the server's clock says now; undefined where no answer carries a time. */
  readonly server: ServerTime | undefined;
  /** The judge's own wall clock. */
  readonly now: Date;
  /** How far two wall clocks may differ; undefined: a process that keeps watching needs no foreign wall clock. */
  readonly marginSeconds: number | undefined;
}

/** How much longer than the lease an observer waits: the clocks of two machines do not run at one rate. */
const PATIENCE = 1.1;

/**
 * Whether a claim has run out, and by which rule; undefined while it may be alive. A local wall clock is never
 * held against a foreign one without a margin: three seconds of skew made double holders in measurements.
 *
 * 1. Seen unchanged for 1.1 leases on the judge's own monotonic clock.
 * 2. Written by the server's clock, and by that same clock the lease is certainly over.
 * 3. Where the judge can neither watch nor ask a server: over by the judge's clock, plus a margin.
 */
export function judgeExpiry(claim: Claim, facts: ExpiryFacts): string | undefined {
  if (claim.state !== 'claimed') return undefined;
  const leaseMs = claim.lease_seconds * 1_000;
  if (facts.unchangedMs > leaseMs * PATIENCE)
    return `seen unchanged for ${Math.round(facts.unchangedMs / 1_000)} s`;
  const end = Date.parse(claim.renewed_at) + leaseMs;
  if (claim.clock === 'server' && facts.server !== undefined) {
    const over = facts.server.earliest.getTime() - end;
    return over > 0 ? `over for ${seconds(over)} s by the clock of the server` : undefined;
  }
  if (facts.marginSeconds === undefined) return undefined;
  const over = facts.now.getTime() - end - facts.marginSeconds * 1_000;
  return over > 0 ? `over for ${seconds(over)} s beyond a margin of ${facts.marginSeconds} s` : undefined;
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(1);
}
