import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pairedDifference } from '../../../src/feedback/statistics/paired-difference.ts';

describe('the paired difference', () => {
  it('has the published bounds for 40 against 20 of 160 pairs at 95%', () => {
    // Printed by the R package PropCIs, diffpropci.mp(b = 40, c = 20, n = 160), with the other sign.
    const found = pairedDifference({ wins: 40, losses: 20, pairs: 160, z: 1.959964 });
    expect(found.difference).toBe(0.125);
    expect(found.lower).toBeCloseTo(0.03089632, 7);
    expect(found.upper).toBeCloseTo(0.21601726, 7);
  });

  it('is centred on 0 for equal counts: half width z sqrt((2c + 1) / (n + 2)^2)', () => {
    expect(pairedDifference({ wins: 4, losses: 4, pairs: 28, z: 2 })).toEqual({
      difference: 0,
      lower: -0.2,
      upper: 0.2,
    });
  });

  it('knows nothing without pairs', () => {
    expect(pairedDifference({ wins: 0, losses: 0, pairs: 0 })).toEqual({
      difference: 0,
      lower: -1,
      upper: 1,
    });
  });

  it('is cut at -1 and 1', () => {
    expect(pairedDifference({ wins: 1, losses: 0, pairs: 1 }).upper).toBe(1);
    expect(pairedDifference({ wins: 0, losses: 1, pairs: 1 }).lower).toBe(-1);
  });

  it('is the mean and standard error of the pairs after half a pair joined each cell', () => {
    fc.assert(
      fc.property(counts(), quantile(), ({ wins, losses, pairs }, z) => {
        const { lower, upper } = pairedDifference({ wins, losses, pairs, z });
        const { mean, standardError } = adjustedMoments(wins, losses, pairs);
        expect(lower).toBeCloseTo(Math.max(-1, mean - z * standardError), 12);
        expect(upper).toBeCloseTo(Math.min(1, mean + z * standardError), 12);
      }),
    );
  });

  it('changes sign when wins and losses change places', () => {
    fc.assert(
      fc.property(counts(), ({ wins, losses, pairs }) => {
        const found = pairedDifference({ wins, losses, pairs });
        const swapped = pairedDifference({ wins: losses, losses: wins, pairs });
        expect(swapped.difference + found.difference).toBe(0);
        expect(swapped.lower + found.upper).toBe(0);
      }),
    );
  });

  it('has the observed difference between its bounds at the default z', () => {
    fc.assert(
      fc.property(counts(), (paired) => {
        const { difference, lower, upper } = pairedDifference(paired);
        expect(lower).toBeLessThanOrEqual(difference);
        expect(upper).toBeGreaterThanOrEqual(difference);
        expect(lower).toBeGreaterThanOrEqual(-1);
        expect(upper).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('comes close to the plain interval when there are many pairs', () => {
    const { lower } = pairedDifference({ wins: 150_000, losses: 86_000, pairs: 1_600_000 });
    const plain = 0.04 - 1.645 * Math.sqrt((0.1475 - 0.04 ** 2) / 1_600_000);
    expect(lower).toBeCloseTo(plain, 5);
  });

  it.each([
    [0, 0.1],
    [0, 0.3],
    [0.1, 0.3],
    [-0.1, 0.2],
    [-0.05, 0.15],
  ])('covers a true difference of %f among %f discordant pairs in at least 0.88 of samples', (truth, all) => {
    for (const pairs of [20, 40, 60]) {
      const covered = chanceThat(pairs, truth, all, ({ lower, upper }) => lower <= truth && truth <= upper);
      expect(covered).toBeGreaterThan(0.88);
    }
  });

  it('passes an arm that is worse by the whole margin in at most 0.07 of samples from 60 pairs on', () => {
    for (const pairs of [60, 100, 150]) {
      for (const margin of [0.05, 0.1, 0.15]) {
        for (const wins of [0.05, 0.1, 0.2]) {
          expect(chanceOfPassing(pairs, margin, wins)).toBeLessThan(0.07);
        }
      }
    }
  });

  it('passes too often, as its description says, an arm that is worse and never wins a pair', () => {
    expect(chanceOfPassing(20, 0.15, 0)).toBeCloseTo(0.85 ** 20 + 20 * 0.15 * 0.85 ** 19, 12);
    expect(chanceOfPassing(100, 0.05, 0)).toBeGreaterThan(0.1);
  });

  it.each([
    { wins: -1, losses: 0, pairs: 5 },
    { wins: 0, losses: 0.5, pairs: 5 },
    { wins: 0, losses: 0, pairs: Number.NaN },
    { wins: 0, losses: 0, pairs: -1 },
    { wins: 3, losses: 3, pairs: 5 },
    { wins: 1, losses: 1, pairs: 5, z: 0 },
    { wins: 1, losses: 1, pairs: 5, z: Number.NaN },
    { wins: 1, losses: 1, pairs: 5, z: Number.POSITIVE_INFINITY },
  ])('refuses $wins wins and $losses losses of $pairs pairs with z = $z', (paired) => {
    expect(() => pairedDifference(paired)).toThrow(expect.objectContaining({ code: 'bad-argument' }));
  });
});

/** Mean and its standard error of scores 1, -1 and 0, weighted by the four adjusted cells. */
function adjustedMoments(wins: number, losses: number, pairs: number) {
  const cells = [
    { score: 1, weight: wins + 0.5 },
    { score: -1, weight: losses + 0.5 },
    { score: 0, weight: pairs - wins - losses + 1 },
  ];
  const total = cells.reduce((sum, { weight }) => sum + weight, 0);
  const mean = cells.reduce((sum, { score, weight }) => sum + score * weight, 0) / total;
  const variance = cells.reduce((sum, { score, weight }) => sum + weight * (score - mean) ** 2, 0) / total;
  return { mean, standardError: Math.sqrt(variance / total) };
}

/** How often "not worse by more than the margin" is shown although it is worse by exactly the margin. */
function chanceOfPassing(pairs: number, margin: number, wins: number): number {
  return chanceThat(pairs, -margin, margin + 2 * wins, ({ lower }) => lower > -margin);
}

/** The exact chance of samples that satisfy `holds`, summed over all counts of wins and losses. */
function chanceThat(
  pairs: number,
  difference: number,
  discordant: number,
  holds: (found: { lower: number; upper: number }) => boolean,
): number {
  const win = (discordant + difference) / 2;
  const loss = discordant - win;
  let chance = 0;
  for (let wins = 0; wins <= pairs; wins += 1) {
    for (let losses = 0; losses <= pairs - wins; losses += 1) {
      if (!holds(pairedDifference({ wins, losses, pairs }))) continue;
      const ways = choose(pairs, wins) * choose(pairs - wins, losses);
      chance += ways * win ** wins * loss ** losses * (1 - win - loss) ** (pairs - wins - losses);
    }
  }
  return chance;
}

function choose(n: number, k: number): number {
  let ways = 1;
  for (let j = 1; j <= k; j += 1) ways = (ways * (n - k + j)) / j;
  return ways;
}

function counts(): fc.Arbitrary<{ wins: number; losses: number; pairs: number }> {
  return fc
    .tuple(fc.nat(500), fc.nat(500), fc.nat(500))
    .filter(([wins, losses, ties]) => wins + losses + ties > 0)
    .map(([wins, losses, ties]) => ({ wins, losses, pairs: wins + losses + ties }));
}

function quantile(): fc.Arbitrary<number> {
  return fc.double({ min: 0.1, max: 5, noNaN: true });
}
