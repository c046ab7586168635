import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signTest } from '../../../src/feedback/statistics/sign-test.ts';
import { exactProbability, toNumber } from './exact-binomial.ts';
import { relativeError } from './relative-error.ts';

describe('the sign test', () => {
  it.each([
    [1, 0, 1 / 2],
    [5, 0, 1 / 32],
    [4, 1, 6 / 32],
    [9, 1, 11 / 1024],
    [10, 3, 378 / 8192],
    [3, 3, 42 / 64],
    [0, 5, 1],
  ])('gives %i wins and %i losses the p-value counted by hand', (wins, losses, expected) => {
    expect(relativeError(signTest(wins, losses).p, expected)).toBeLessThan(1e-13);
  });

  it('repeats the counts and has p = 1 when there is no discordant pair', () => {
    expect(signTest(0, 0)).toEqual({ wins: 0, losses: 0, p: 1 });
    expect(signTest(7, 2)).toMatchObject({ wins: 7, losses: 2 });
  });

  it('finds no evidence in either direction for a tie', () => {
    fc.assert(
      fc.property(fc.nat(5_000), (count) => {
        expect(signTest(count, count).p).toBeGreaterThanOrEqual(0.5);
      }),
    );
  });

  it('never gives a larger p for one more win or a smaller one for one more loss', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.nat(300), (wins, losses) => {
        const { p } = signTest(wins, losses);
        expect(signTest(wins + 1, losses).p).toBeLessThanOrEqual(p);
        expect(signTest(wins, losses + 1).p).toBeGreaterThanOrEqual(p);
        if (wins >= losses) expect(signTest(wins + 1, losses).p).toBeLessThan(p);
      }),
    );
  });

  it('counts the tie itself once in each direction', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.nat(60), (wins, losses) => {
        const n = wins + losses;
        const both = signTest(wins, losses).p + signTest(losses, wins).p;
        expect(both).toBeCloseTo(1 + toNumber(exactProbability(wins, wins, n, 0.5)), 12);
      }),
    );
  });

  it('reaches each p-value it can print with exactly that probability when arms are equal', () => {
    for (let n = 0; n <= 16; n += 1) {
      const outcomes = Array.from({ length: n + 1 }, (_, wins) => wins);
      const pOf = (wins: number) => signTest(wins, n - wins).p;
      for (const alpha of outcomes.map(pOf)) {
        const reached = outcomes.filter((wins) => pOf(wins) <= alpha);
        const chance = reached.reduce((sum, k) => sum + toNumber(exactProbability(k, k, n, 0.5)), 0);
        expect(chance).toBeCloseTo(alpha, 12);
      }
    }
  });

  it.each([
    [-1, 0],
    [0, -1],
    [0.5, 1],
    [1, Number.NaN],
    [Number.POSITIVE_INFINITY, 1],
  ])('refuses %d wins and %d losses', (wins, losses) => {
    expect(() => signTest(wins, losses)).toThrow(expect.objectContaining({ code: 'bad-argument' }));
  });
});
