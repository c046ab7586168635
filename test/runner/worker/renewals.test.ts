import { describe, expect, test } from 'vitest';
import { heldFrom } from '../../../src/queue/held.ts';
import { renewalsDue, untilDue } from '../../../src/runner/worker/renewals.ts';
import { sampleClaim, sampleSlot } from '../../queue/sample-work.ts';

/** A claim of a lease of 100 s that was renewed so many seconds after the start. */
function heldSince(seconds: number, lease_seconds = 100) {
  return heldFrom(sampleSlot('a-1'), sampleClaim({ lease_seconds }), 'c0ffee', seconds * 1_000);
}

describe('renewals', () => {
  test.each([
    [[0], 49.9, []],
    [[0], 50, [0]],
    // Nobody is due yet, so those past a quarter wait as well.
    [[0, 10, 20], 49, []],
    // One is due: those past a quarter of their lease come along, fresh ones do not.
    [[0, 10, 24, 26], 50, [0, 10, 24]],
    [[0, 0, 0], 89, [0, 0, 0]],
    [[], 1_000, []],
  ])('of claims from %j s are due at %d s: %j.', (since, now, due) => {
    const held = since.map((seconds) => heldSince(seconds));
    expect(renewalsDue(held, now * 1_000)).toEqual(due.map((seconds) => heldSince(seconds)));
  });

  test('each go by the lease of their own claim.', () => {
    const [short, long] = [heldSince(0, 10), heldSince(0, 1_000)];
    expect(renewalsDue([short, long], 5_000)).toEqual([short]);
    expect(renewalsDue([short, long], 500_000)).toEqual([short, long]);
    expect(untilDue([long, short], 1_000)).toBeCloseTo(4_000);
  });

  test.each([
    [[], 0, undefined],
    [[0], 0, 50_000],
    [[20, 0, 10], 30, 20_000],
    [[0], 80, 0],
  ])('of claims from %j s at %d s are due in %s ms.', (since, now, wait) => {
    const found = untilDue(
      since.map((seconds) => heldSince(seconds)),
      now * 1_000,
    );
    if (wait === undefined) expect(found).toBeUndefined();
    else expect(found).toBeCloseTo(wait);
  });

  test('leave time for a second try before the holder has to stop at nine tenths.', () => {
    const held = heldSince(0);
    expect(held.untilMs).toBe(90_000);
    expect(renewalsDue([held], held.untilMs - 40_000)).toEqual([held]);
  });
});
