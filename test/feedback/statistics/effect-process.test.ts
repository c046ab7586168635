import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addBlock,
  type Block,
  type EffectProcess,
  newEffectProcess,
} from '../../../src/feedback/statistics/effect-process.ts';

const DIFFERENCES = [0.1, 0.2, 0.35];
const BOTH = [true, false];
const BLOCKS: Block[] = BOTH.flatMap((control) => BOTH.map((treatment) => ({ control, treatment })));
const outcomes = fc.array(fc.record({ control: fc.boolean(), treatment: fc.boolean() }), { maxLength: 150 });
const history = fc
  .tuple(fc.nat(400), fc.nat(400))
  .map(([a, b]) => ({ runs: Math.max(a, b), accepted: Math.min(a, b) }));

function play(process: EffectProcess, blocks: readonly Block[]): EffectProcess {
  return blocks.reduce((before, block) => addBlock(before, block), process);
}

function chance({ control, treatment }: Block, p: number): number {
  return (control ? p : 1 - p) * (treatment ? p : 1 - p);
}

/** A process whose next block is judged by this mean, and whose e-values are what `logs` say. */
function withMean(mean: number, logs: readonly number[]): EffectProcess {
  return { ...newEffectProcess({ runs: 0, accepted: 0 }), logHarm: logs, seen: { runs: 1, accepted: mean } };
}

/** Products of plain probabilities, the way the method is written down. */
function byTheBook(start: number, blocks: readonly Block[]): number {
  const of = (ok: boolean, rate: number) => (ok ? rate : 1 - rate);
  const values = DIFFERENCES.map((d) => {
    let [value, good, n] = [1, 20 * start, 20];
    for (const { control, treatment } of blocks) {
      const m = good / n;
      const qc = Math.min(0.985, m + d / 2);
      const qt = Math.max(0.015, m - d / 2);
      const q = (qc + qt) / 2;
      value *= (of(control, qc) * of(treatment, qt)) / (of(control, q) * of(treatment, q));
      good += Number(control) + Number(treatment);
      n += 2;
    }
    return value;
  });
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe('the comparison of two versions side by side', () => {
  it('has the factor (1 + d)^2, averaged over d, when only the old version succeeds at a rate of one half', () => {
    // At m = 1/2 a block in which only the control succeeds has the factor ((.5 + d/2) / .5)^2 = (1 + d)^2.
    const { harm, benefit, blocks } = addBlock(newEffectProcess({ runs: 40, accepted: 20 }), {
      control: true,
      treatment: false,
    });
    expect(harm).toBeCloseTo((1.1 ** 2 + 1.2 ** 2 + 1.35 ** 2) / 3, 12);
    expect(benefit).toBeCloseTo((0.9 ** 2 + 0.8 ** 2 + 0.65 ** 2) / 3, 12);
    expect(blocks).toBe(1);
  });

  it('judges a block by what was seen before it, and the next one by that block too', () => {
    const first = addBlock(newEffectProcess({ runs: 100, accepted: 50 }), { control: true, treatment: true });
    expect(first.harm).toBeCloseTo((0.99 + 0.96 + 0.8775) / 3, 12);
    // Now 12 of 22: qc = 12/22 + d/2, qt = 12/22 - d/2.
    const m = 12 / 22;
    const terms = DIFFERENCES.map((d) => (1 - (d / 2) ** 2 / 0.25) * ((m ** 2 - (d / 2) ** 2) / m ** 2));
    const second = addBlock(first, { control: true, treatment: true });
    expect(second.harm).toBeCloseTo(terms.reduce((sum, term) => sum + term, 0) / 3, 12);
  });

  it('counts a long history as 20 runs, a short one as it is, and assumes one of two without any', () => {
    expect(newEffectProcess({ runs: 400, accepted: 300 }).seen).toEqual({ runs: 20, accepted: 15 });
    expect(newEffectProcess({ runs: 4, accepted: 3 }).seen).toEqual({ runs: 4, accepted: 3 });
    expect(newEffectProcess({ runs: 0, accepted: 0 }).seen).toEqual({ runs: 2, accepted: 1 });
  });

  it('is the product of plain probabilities, on any series', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 }), outcomes, (good, blocks) => {
        const { harm } = play(newEffectProcess({ runs: 40, accepted: good }), blocks);
        const expected = byTheBook(good / 40, blocks);
        expect(Math.abs(harm / expected - 1)).toBeLessThan(1e-9);
      }),
    );
  });

  it('is not expected to grow in a block in which both versions succeed equally often, whatever was seen before', () => {
    let equal = 0;
    for (let m = 0; m <= 100; m += 1) {
      for (let p = 0; p <= 100; p += 2) {
        const before = withMean(m / 100, [0, 0, 0]);
        const expected = (pick: (process: EffectProcess) => number) =>
          BLOCKS.reduce((sum, block) => sum + chance(block, p / 100) * pick(addBlock(before, block)), 0);
        expect(expected(({ harm }) => harm)).toBeLessThanOrEqual(1 + 1e-9);
        expect(expected(({ benefit }) => benefit)).toBeLessThanOrEqual(1 + 1e-9);
        if (m === p)
          equal = Math.max(
            equal,
            expected(({ harm }) => harm),
          );
      }
    }
    // It is not merely small: at the true rate nothing is given away.
    expect(equal).toBeCloseTo(1, 9);
  });

  it('ever reaches a bound in at most one of that many series, counted out, also when rates change on the way', () => {
    const shareThatReaches = (rates: readonly number[]) => {
      let reached = 0;
      const walk = (process: EffectProcess, at: number, weight: number): void => {
        if (process.harm >= 3) reached += weight;
        else if (at < rates.length)
          for (const block of BLOCKS)
            walk(addBlock(process, block), at + 1, weight * chance(block, rates[at] ?? 0));
      };
      walk(newEffectProcess({ runs: 30, accepted: 22 }), 0, 1);
      return reached;
    };
    // Twenty needs more blocks than can be counted out; the same inequality holds at 3.
    const rates = [0.5, 0.75, 0.9].map((p) => shareThatReaches(Array.from({ length: 8 }, () => p)));
    for (const share of [...rates, shareThatReaches([0.9, 0.9, 0.9, 0.9, 0.4, 0.4, 0.4, 0.4])]) {
      expect(share).toBeLessThanOrEqual(1 / 3);
      expect(share).toBeGreaterThan(0);
    }
  });

  it('turns harm into benefit when the arms are swapped', () => {
    fc.assert(
      fc.property(history, outcomes, (past, blocks) => {
        const swapped = blocks.map(({ control, treatment }) => ({ control: treatment, treatment: control }));
        const [one, other] = [play(newEffectProcess(past), blocks), play(newEffectProcess(past), swapped)];
        expect([other.harm, other.benefit]).toEqual([one.benefit, one.harm]);
        expect(other.seen).toEqual(one.seen);
      }),
    );
  });

  it('says harm of a version that always fails beside one that always succeeds, and stays a number for 10^5 blocks', () => {
    let process = newEffectProcess({ runs: 20, accepted: 20 });
    let blocks = 0;
    for (; blocks < 100_000; blocks += 1) {
      process = addBlock(process, { control: true, treatment: false });
      if (blocks === 10) expect(process.harm).toBeGreaterThan(20);
    }
    expect([Number.isFinite(process.harm), process.benefit > 0]).toEqual([true, true]);
    expect(process.logHarm.every((log) => Number.isFinite(log) && log > 10_000)).toBe(true);
    expect(process.logBenefit.every((log) => Number.isFinite(log) && log < -1_000)).toBe(true);
    expect(JSON.parse(JSON.stringify(process))).toEqual(process);
  });

  it('leaves the process before a block as it was', () => {
    const before = newEffectProcess({ runs: 10, accepted: 5 });
    const copy = structuredClone(before);
    addBlock(before, { control: true, treatment: false });
    expect(before).toEqual(copy);
  });

  it.each([
    [-1, 0],
    [3, 4],
    [2.5, 1],
    [3, Number.NaN],
  ])('refuses a history of %d runs of which %d were accepted', (runs, accepted) => {
    expect(() => newEffectProcess({ runs, accepted })).toThrow(
      expect.objectContaining({ code: 'bad-argument' }),
    );
  });
});
