import type { ViewExample } from '../view-examples.ts';

const day = (n: number) => `2026-11-${String(n).padStart(2, '0')}T00:00:00.000Z`;
const commit = 'c0ffee'.repeat(7).slice(0, 40);
const route = (model: string) => ({ op: 'set_route', domain: 'x', model });

const patched = (n: number, more: object = {}) => ({
  id: `patch-${n}`,
  recorded_at: day(1),
  persona_id: 'solver',
  from_version: '1.0.0',
  to_version: '1.1.0',
  component: 'routing',
  deltas: [route(`m-${n}`)],
  recommendation_ids: [],
  predicted_effect: { baseline: null, expected: null },
  ...more,
});

const merged = (n: number, more: object = {}) => ({
  id: `merge-${n}`,
  recorded_at: day(2),
  patch_id: `patch-${n}`,
  proposal_id: 'p',
  decision: 'applied',
  decided_by: 'Ada',
  commit_hash: commit,
  decided_at: day(2),
  ...more,
});

const figures = (n: number) => ({
  patch_id: `patch-${n}`,
  persona_id: 'solver',
  control_version: '1.0.3',
  treatment_version: '1.1.0',
  method: 'concurrent',
  control_runs: 20,
  control_accepted: 18,
  treatment_runs: 21,
  treatment_accepted: 7,
  blocks: 20,
  difference: -0.566667,
  difference_low: -0.74,
  difference_high: -0.33,
  evidence_harm: 24.5,
  evidence_benefit: 0.01,
});
const measured = (n: number, at: number, more: object = {}) => ({
  id: `measurement-${n}-${at}`,
  recorded_at: day(at),
  ...figures(n),
  state: 'measuring',
  measured_at: day(at),
  ...more,
});
const decided = (n: number, decision: string, more: object = {}) => ({
  id: `effect-${n}`,
  recorded_at: day(6),
  ...figures(n),
  decision,
  reason: 'It does harm.',
  predicted_difference: 0.1,
  decided_at: day(6),
  ...more,
});

const recommended = (n: number, model: string) => ({
  id: `rec-${n}`,
  recorded_at: day(n),
  recommendation_type: 'routing',
  target_persona: 'solver',
  priority: 'high',
  title: `Do ${n}`,
  evidence: [{ statement: 'Seen.', record_ids: [] }],
  suggested_change: { deltas: [{ ...route(model), domain: `d-${n}` }] },
});

export const effectExamples: readonly ViewExample[] = [
  {
    view: 'patch_effects',
    title:
      'has a row for each merged patch, with the newest figures, and none for one that takes another back.',
    records: {
      patch: [
        patched(1, { predicted_effect: { baseline: 0.5, expected: 0.6 } }),
        patched(2),
        patched(3),
        patched(4),
        patched(5, { reverts: 'patch-1' }),
        patched(6),
        patched(7),
      ],
      patch_decision: [
        merged(1),
        merged(2),
        merged(3),
        merged(4, { decision: 'rejected', commit_hash: undefined }),
        merged(5),
        merged(7, { commit_hash: 'HEAD' }),
      ],
      effect_measurement: [measured(1, 3), measured(2, 4), measured(2, 5, { blocks: 30, state: 'alert' })],
      effect_decision: [decided(1, 'roll_back')],
    },
    rows: [
      {
        patch_id: 'patch-1',
        persona_id: 'solver',
        control_version: '1.0.3',
        treatment_version: '1.1.0',
        state: 'roll_back',
        method: 'concurrent',
        predicted_difference: 0.1,
        difference: -0.566667,
        difference_low: -0.74,
        difference_high: -0.33,
        control_runs: 20,
        treatment_accepted: 7,
        evidence_harm: 24.5,
        reason: 'It does harm.',
        revert_patch_id: 'patch-5',
        revert_status: 'applied',
        merged_at: day(2),
        measured_at: day(6),
        days_to_decision: 4,
      },
      {
        patch_id: 'patch-2',
        state: 'alert',
        blocks: 30,
        predicted_difference: null,
        reason: null,
        revert_patch_id: null,
        measured_at: day(5),
        days_to_decision: null,
      },
      {
        patch_id: 'patch-3',
        control_version: '1.0.0',
        state: 'measuring',
        method: null,
        blocks: null,
        difference: null,
        measured_at: null,
      },
    ],
  },
  {
    view: 'recommendation_status',
    title: 'is rejected where the change did harm and is taken back, unless a person refuses that.',
    records: {
      recommendation: [recommended(1, 'a'), recommended(2, 'b'), recommended(3, 'c'), recommended(4, 'a')],
      patch: [
        patched(1, { deltas: [{ ...route('a'), domain: 'd-1' }], recommendation_ids: ['rec-1'] }),
        patched(2, { recommendation_ids: ['rec-2'] }),
        patched(3, { deltas: [{ ...route('a'), domain: 'd-4' }], recommendation_ids: ['rec-3'] }),
        patched(11, { reverts: 'patch-1' }),
        patched(12, { reverts: 'patch-2' }),
      ],
      patch_decision: [merged(1), merged(2), merged(3), merged(12, { decision: 'rejected' })],
      effect_decision: [decided(1, 'roll_back'), decided(2, 'roll_back'), decided(3, 'promote')],
    },
    rows: [
      { recommendation_id: 'rec-1', status: 'rejected', patch_id: 'patch-1' },
      { recommendation_id: 'rec-2', status: 'applied', patch_id: 'patch-2' },
      { recommendation_id: 'rec-3', status: 'applied', patch_id: 'patch-3' },
      { recommendation_id: 'rec-4', status: 'pending', patch_id: null },
    ],
  },
];
