import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Delta } from '../../src/contracts/delta.ts';
import type { Evidence } from '../../src/contracts/recommendation.ts';
import type { EffectEntry, HoldingDecision } from '../../src/feedback/feedback-state.ts';
import { recommendationStatuses } from '../../src/feedback/recommendation-status.ts';
import { allViews } from '../../src/runner/views.ts';
import { chooseSeed } from '../e2e/seeded-random.ts';
import { decided, patched, recommended, stateOf } from '../feedback/feedback-records.ts';
import { memoryHistory } from '../history/memory-history.ts';

/** Changes that no shipped persona holds yet: what a persona has, the history cannot tell. */
const change: fc.Arbitrary<Delta> = fc.oneof(
  fc.record({
    op: fc.constant('set_route' as const),
    domain: fc.constantFrom(null, 'a', 'b'),
    model: fc.constantFrom('m-1', 'm-2'),
  }),
  fc.record({
    op: fc.constant('add_bullet' as const),
    id: fc.constantFrom('b-1', 'b-2'),
    section: fc.constant('Start'),
    text: fc.constantFrom('Read first.', 'Read last.'),
    evidence: fc.constantFrom<string[]>([], ['o-1'], ['o-1', 'o-2']),
  }),
  fc.record({
    op: fc.constant('set_field' as const),
    field: fc.constantFrom('role' as const, 'identity.mission' as const),
    value: fc.constantFrom('One thing.', 'Another "thing".'),
  }),
);

const evidence = fc.constantFrom<Evidence>(
  { statement: 's', record_ids: [] },
  { statement: 's', record_ids: [], domain: 'x' },
  { statement: 's', record_ids: [], domain: 'x', arms: [] },
  { statement: 's', record_ids: [], domain: 'x', arms: [{ arm: 'm-1', n: 1, accepted: 1, cost_usd: null }] },
);

const asked = fc.record({
  deltas: fc.option(fc.array(change, { minLength: 1, maxLength: 3 }), { nil: undefined, freq: 3 }),
  target_persona: fc.constantFrom('solver', 'backend', undefined),
  recommendation_type: fc.constantFrom('routing' as const, 'playbook' as const),
  title: fc.constantFrom('One', 'Two'),
  evidence: evidence.map((one) => [one]),
  emitted_at: fc.constantFrom(undefined, '2026-11-01T00:00:00.000Z', '2026-11-02T00:00:00.000Z'),
});

const offered = fc.record({
  deltas: fc.array(change, { minLength: 1, maxLength: 3 }),
  persona_id: fc.constantFrom('solver', 'backend'),
  recommendation_ids: fc.uniqueArray(
    fc.nat(7).map((n) => `rec-${n}`),
    { maxLength: 2 },
  ),
  decision: fc.constantFrom(undefined, 'applied' as const, 'rejected' as const),
  effect: fc.constantFrom(undefined, undefined, 'roll_back' as const, 'promote' as const),
  reverts: fc.constantFrom(undefined, undefined, 'patch-0', 'patch-1'),
});

const explained = fc.record({
  recommendation_id: fc.nat(4).map((n) => `rec-${n}`),
  state: fc.constantFrom('drafted' as const, 'nothing' as const, 'failed' as const, 'failed' as const),
});

const seed = chooseSeed('MILLWRIGHT_STATUS_SEED');

test(`recommendation_status says what a pass says, of any records about personas that hold none of it (seed ${seed}).`, async () => {
  using history = await memoryHistory(await allViews());
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      fc.array(asked, { minLength: 1, maxLength: 8 }),
      fc.array(offered, { maxLength: 4 }),
      fc.uniqueArray(explained, { minLength: 2, maxLength: 5, selector: (one) => one.recommendation_id }),
      async (wishes, offers, explanations) => {
        const recommendations = wishes.map(({ deltas, ...more }, at) =>
          recommended(`rec-${at}`, deltas, more),
        );
        const patches = offers.map(({ deltas, decision: _later, effect: _measured, ...more }, at) =>
          patched(`patch-${at}`, deltas, more),
        );
        const decisions = offers.flatMap(({ decision }, at): HoldingDecision[] =>
          decision === undefined ? [] : [decided(`patch-${at}`, decision)],
        );
        const effects = offers.flatMap(({ effect }, at) =>
          effect === undefined ? [] : [{ patch_id: `patch-${at}`, decision: effect } as EffectEntry],
        );
        await history.clear();
        await history.fill({
          recommendation: recommendations,
          patch: patches,
          patch_decision: decisions,
          effect_decision: effects,
          explanation: explanations,
        });
        const found = await history.ask<{ recommendation_id: string; status: string }>(
          'SELECT recommendation_id, status FROM recommendation_status',
        );
        const wanted = recommendationStatuses(
          stateOf({ recommendations, patches, decisions, effects }),
          new Map(explanations.map((one) => [one.recommendation_id, one])),
        );
        expect(new Map(found.map((row) => [row.recommendation_id, row.status]))).toEqual(wanted);
        for (const { status } of found) seen.add(status);
      },
    ),
    { seed, numRuns: 200 },
  );
  // Few worlds hold the rarest status: among 80 it was missing once.
  expect(seen.size).toBe(9);
});
