import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { settings } from '../../../src/contracts/settings.ts';
import { effectFigures } from '../../../src/feedback/effects/effect-figures.ts';
import { planEffect } from '../../../src/feedback/effects/plan-effect.ts';
import type { EffectRun } from '../../../src/feedback/read-effect-runs.ts';
import { seededRandom } from '../../e2e/seeded-random.ts';

const usual = settings.parse({}).effects;
const versions = { control: '1.0.0', treatment: '1.1.0' };
const past = { runs: 100, accepted: 75 };

const run = (treatment: boolean, accepted: boolean, at = 0): EffectRun => ({
  id: `o-${at}`,
  treatment,
  accepted,
});
/** Pairs of one run each: `+` the new version alone succeeds, `-` the old one alone, `=` both, `0` neither. */
const story = (text: string): EffectRun[] =>
  [...text].flatMap((letter, at) => [
    run(false, letter === '-' || letter === '=', 2 * at),
    run(true, letter === '+' || letter === '=', 2 * at + 1),
  ]);

interface More {
  readonly method?: 'concurrent' | 'fixed_history';
  readonly days?: number;
  readonly alerted?: boolean;
  readonly effects?: Partial<typeof usual>;
}

function planned(
  runs: readonly EffectRun[],
  { method = 'concurrent', days = 1, alerted = false, effects }: More = {},
) {
  const all = { ...usual, ...effects };
  const figures = effectFigures({ runs, past, recent: runs.length }, method, all);
  const plan = planEffect({ figures, versions, days, alerted }, all);
  return { figures, plan, verdict: 'decision' in plan ? plan.decision : plan.state };
}

describe('what follows from the figures', () => {
  test.each<[string, EffectRun[], More, string]>([
    ['nothing yet', [], {}, 'measuring'],
    ['as good as each other', story('=0=+-=0='), {}, 'measuring'],
    ['plainly worse', story('-'.repeat(20)), {}, 'roll_back'],
    ['plainly better', story('+'.repeat(20)), {}, 'promote'],
    ['worse, enough for an alert', story('-'.repeat(20)), { effects: { roll_back_at: 1e6 } }, 'alert'],
    ['an alert of before', story('=='), { alerted: true }, 'alert'],
    ['as many runs as may be', story('='.repeat(150)), {}, 'inconclusive'],
    ['one run less than that', story('='.repeat(150)).slice(1), {}, 'measuring'],
    ['as many days as may be', story('='), { days: 56 }, 'inconclusive'],
    ['a moment less than that', story('='), { days: 55.99 }, 'measuring'],
    ['worse, and the days are over', story('-'.repeat(20)), { days: 400 }, 'roll_back'],
    ['worse than the past', story('-'.repeat(40)), { method: 'fixed_history' }, 'alert'],
    ['better than the past', story('+'.repeat(40)), { method: 'fixed_history' }, 'measuring'],
    ['worse than the past for long', story('-'.repeat(150)), { method: 'fixed_history' }, 'inconclusive'],
    [
      'nothing but runs of the new version',
      Array.from({ length: 299 }, () => run(true, false)),
      {},
      'measuring',
    ],
  ])('%s.', (_what, runs, more, verdict) => {
    expect(planned(runs, more).verdict).toBe(verdict);
  });

  test('says the figures in a sentence.', () => {
    expect(planned(story('-'.repeat(20))).plan.reason).toMatch(
      /^1\.1\.0 does harm: 0 of 20 runs accepted under 1\.1\.0 \(0\.0 %\), 20 of 20 runs accepted under 1\.0\.0 \(100\.0 %\); evidence \d+\.\d, and 20 is enough$/,
    );
    expect(planned([run(true, true)]).plan.reason).toBe(
      '1 of 1 runs accepted under 1.1.0 (100.0 %), no run under 1.0.0',
    );
  });
});

describe('the first pair that decides', () => {
  test('is the last that is looked at: later ones undo nothing, however many came at once.', () => {
    const { figures, verdict } = planned(story(`${'-'.repeat(20)}${'+'.repeat(100)}`));
    expect(verdict).toBe('roll_back');
    expect(figures.blocks).toBeLessThan(20);
    expect(figures.harm).toBeGreaterThanOrEqual(20);
  });

  test('has to come within the runs of the settings.', () => {
    const { figures, verdict } = planned(story(`${'='.repeat(150)}${'-'.repeat(50)}`));
    expect(verdict).toBe('inconclusive');
    expect(figures).toMatchObject({ blocks: 150, control: { runs: 150 }, treatment: { runs: 150 } });
  });

  const runs = fc
    .array(fc.record({ treatment: fc.boolean(), accepted: fc.boolean() }), { maxLength: 330 })
    .map((all) => all.map(({ treatment, accepted }, at) => run(treatment, accepted, at)));

  test('decides the same whether runs are looked at one by one or all at once.', () => {
    const decides = (text: string) => text !== 'measuring' && text !== 'alert';
    fc.assert(
      fc.property(runs, fc.constantFrom(0.05, 0.5, 1), (all, bias) => {
        const story = all.map((one, at) => ({
          ...one,
          accepted: one.treatment ? at % 20 < bias * 20 : one.accepted,
        }));
        const first = story.findIndex(
          (_, at) => at % 7 === 0 && decides(planned(story.slice(0, at)).verdict),
        );
        const early = first === -1 ? undefined : planned(story.slice(0, first)).verdict;
        const late = planned(story).verdict;
        if (early !== undefined) expect(late).toBe(early);
        else if (!decides(late)) expect(decides(planned(story.slice(0, -1)).verdict)).toBe(false);
      }),
      { numRuns: 40 },
    );
  });

  test('never takes back or promotes against the past alone.', () => {
    fc.assert(
      fc.property(runs, fc.boolean(), fc.nat(80), (all, alerted, days) => {
        expect(['measuring', 'alert', 'inconclusive']).toContain(
          planned(all, { method: 'fixed_history', alerted, days }).verdict,
        );
      }),
      { numRuns: 60 },
    );
  });
});

describe('times that get harder for both versions alike', () => {
  const stories = 400;
  const seed = 7;

  test.each<[string, (at: number) => number]>([
    ['all at once', (at) => (at < 40 ? 0.9 : 0.4)],
    ['in waves', (at) => (Math.floor(at / 25) % 2 === 0 ? 0.9 : 0.3)],
    ['for a while', (at) => (at >= 100 && at < 130 ? 0.05 : 0.8)],
    ['little by little', (at) => 0.9 - at / 500],
  ])('are held against neither of them more often than chance allows: %s.', (_how, rate) => {
    const random = seededRandom(seed);
    const verdicts = Array.from({ length: stories }, () => {
      const all = Array.from({ length: 300 }, (_, at) => run(random() < 0.5, random() < rate(at), at));
      return planned(all).verdict;
    });
    for (const verdict of ['roll_back', 'promote'])
      expect(verdicts.filter((one) => one === verdict).length / stories, `seed ${seed}`).toBeLessThanOrEqual(
        0.05,
      );
  });
});
