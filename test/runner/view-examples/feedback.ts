import type { ViewExample } from '../view-examples.ts';

const second = (n: number) => `2026-11-20T00:00:${String(n).padStart(2, '0')}.000Z`;
const route = (domain: string | null, model = 'm') => ({ op: 'set_route', domain, model });

const recommended = (n: number, deltas: readonly object[] | undefined, more: object = {}) => ({
  id: `rec-${n}`,
  recorded_at: second(n),
  recommendation_type: 'routing',
  target_persona: 'solver',
  priority: 'high',
  title: `Do ${n}`,
  evidence: [{ statement: 'Seen.', record_ids: [] }],
  ...(deltas === undefined ? {} : { suggested_change: { deltas } }),
  ...more,
});

const patched = (n: number, deltas: readonly object[], carries: readonly string[], more: object = {}) => ({
  id: `patch-${n}`,
  recorded_at: second(n),
  persona_id: 'solver',
  from_version: '1.0.0',
  to_version: '1.1.0',
  component: 'routing',
  deltas,
  recommendation_ids: carries,
  predicted_effect: { baseline: null, expected: null },
  ...more,
});

const decided = (n: number, patch: string, decision: string, more: object = {}) => ({
  id: `decision-${n}`,
  recorded_at: second(n),
  patch_id: patch,
  proposal_id: `proposal-${n}`,
  decision,
  decided_by: 'Ada',
  decided_at: second(n),
  ...more,
});

const bullet = (why: string) => ({ op: 'remove_bullet', id: 'guess', why });
const statuses = (...rows: (readonly [number, string, (string | null)?])[]) =>
  rows.map(([n, status, patch]) => ({
    recommendation_id: `rec-${n}`,
    status,
    ...(patch === undefined ? {} : { patch_id: patch }),
  }));

export const feedbackExamples: readonly ViewExample[] = [
  {
    view: 'patch_status',
    title: 'is what was decided last, and proposed before that.',
    records: {
      patch: [
        patched(1, [route('a')], []),
        patched(2, [route('b'), route('c')], ['rec-1', 'rec-2'], {
          predicted_effect: { baseline: 0.4, expected: 0.55 },
        }),
      ],
      patch_decision: [
        decided(9, 'patch-2', 'applied', { decided_at: '2026-11-21T12:00:02.000Z', reason: 'Good.' }),
        decided(5, 'patch-2', 'rejected'),
        decided(6, 'patch-404', 'rejected'),
      ],
    },
    rows: [
      {
        patch_id: 'patch-1',
        changes: 1,
        status: 'proposed',
        decided_by: null,
        decided_at: null,
        days_to_decision: null,
        baseline: null,
        expected: null,
        recommendations: 0,
      },
      {
        patch_id: 'patch-2',
        changes: 2,
        status: 'applied',
        proposal_id: 'proposal-9',
        decided_by: 'Ada',
        reason: 'Good.',
        days_to_decision: 1.5,
        baseline: 0.4,
        expected: 0.55,
        recommendations: 2,
      },
    ],
  },
  {
    view: 'recommendation_status',
    title: 'follows the newest patch that carries it.',
    records: {
      recommendation: [1, 2, 3, 4].map((n) => recommended(n, [route(`d${n}`)])),
      patch: [
        patched(5, [route('d1')], ['rec-1', 'rec-2']),
        patched(7, [route('d1')], ['rec-1']),
        patched(6, [route('d3')], ['rec-3']),
      ],
      patch_decision: [decided(8, 'patch-5', 'rejected'), decided(9, 'patch-6', 'applied')],
    },
    rows: statuses(
      [1, 'proposed', 'patch-7'],
      [2, 'rejected', 'patch-5'],
      [3, 'applied', 'patch-6'],
      [4, 'pending', null],
    ),
  },
  {
    view: 'recommendation_status',
    title: 'gives way to a newer one about the same, whatever that says.',
    records: {
      recommendation: [
        recommended(1, [route(null, 'old')]),
        recommended(2, [route(null, 'new')]),
        recommended(3, [route('x')]),
        recommended(4, [route('x')], { emitted_at: '2026-11-01T00:00:00.000Z' }),
        recommended(5, [route('x')], { target_persona: 'backend' }),
        recommended(6, undefined, { title: 'Look' }),
        recommended(7, undefined, { title: 'Look' }),
        recommended(8, undefined, { evidence: [{ statement: 's', domain: 'x', arms: [{ arm: 'm1' }] }] }),
        recommended(9, undefined, {
          title: 'Another title',
          evidence: [{ statement: 's', domain: 'x', arms: [{ arm: 'm1' }] }],
        }),
      ],
    },
    rows: [
      { recommendation_id: 'rec-1', status: 'superseded', superseded_by: 'rec-2' },
      { recommendation_id: 'rec-2', status: 'pending', superseded_by: null },
      { recommendation_id: 'rec-3', status: 'pending', superseded_by: null },
      { recommendation_id: 'rec-4', status: 'superseded', superseded_by: 'rec-3' },
      { recommendation_id: 'rec-5', status: 'pending' },
      { recommendation_id: 'rec-6', status: 'superseded', superseded_by: 'rec-7' },
      { recommendation_id: 'rec-7', status: 'waiting' },
      { recommendation_id: 'rec-8', status: 'superseded', superseded_by: 'rec-9' },
      { recommendation_id: 'rec-9', status: 'waiting' },
    ],
  },
  {
    view: 'recommendation_status',
    title: 'is what the newest explanation made of it, where it has no deltas.',
    records: {
      recommendation: [
        ...[1, 2, 3, 4].map((n) => recommended(n, undefined, { title: `Look at ${n}` })),
        recommended(5, [route('x')]),
      ],
      explanation: [
        { id: 'e-1', recommendation_id: 'rec-1', state: 'drafted' },
        { id: 'e-2', recommendation_id: 'rec-2', state: 'failed', recorded_at: second(30) },
        { id: 'e-3', recommendation_id: 'rec-2', state: 'nothing', recorded_at: second(10) },
        { id: 'e-4', recommendation_id: 'rec-3', state: 'nothing' },
        { id: 'e-5', recommendation_id: 'rec-5', state: 'failed' },
      ],
    },
    rows: statuses(
      [1, 'explained'],
      [2, 'unexplained'],
      [3, 'explained'],
      [4, 'waiting'],
      [5, 'pending', null],
    ),
  },
  {
    view: 'recommendation_status',
    title: 'is the later of two that were found at the same time.',
    records: {
      recommendation: [
        recommended(1, [route('x')]),
        recommended(2, [route('x')], { recorded_at: second(1) }),
      ],
    },
    rows: statuses([1, 'superseded'], [2, 'pending']),
  },
  {
    view: 'recommendation_status',
    title:
      'is rejected where a person refused the change before, whatever the reasons, but not for another persona.',
    records: {
      recommendation: [
        recommended(1, [bullet('Four of five votes.')], { recommendation_type: 'retire_bullet' }),
        recommended(2, [bullet('Four.')], {
          recommendation_type: 'retire_bullet',
          target_persona: 'backend',
        }),
        recommended(3, [route('x'), route(null)]),
        recommended(4, [route('y', 'another')]),
        recommended(5, [route('z')], { target_persona: undefined }),
      ],
      patch: [
        patched(10, [bullet('Nine of twelve votes.')], []),
        patched(11, [route(null)], []),
        patched(12, [route('y')], []),
      ],
      patch_decision: ['patch-10', 'patch-11', 'patch-12'].map((id, n) => decided(20 + n, id, 'rejected')),
    },
    rows: statuses([1, 'rejected'], [2, 'pending'], [3, 'rejected'], [4, 'pending'], [5, 'no-persona']),
  },
  {
    view: 'proposal_status',
    title: 'is what the latest pass said, with the decision where there is one.',
    records: {
      pass: [
        {
          id: 'pass-2',
          started_at: second(20),
          proposals: [
            { proposal_id: 'p-1', result: 'updated', detail: 'behind' },
            { proposal_id: 'p-2', result: 'merged' },
          ],
        },
        { id: 'pass-1', started_at: second(10), proposals: [{ proposal_id: 'p-1', result: 'opened' }] },
        { id: 'pass-3', started_at: second(30), proposals: [] },
      ],
      patch_decision: [
        decided(1, 'patch-2', 'applied', { proposal_id: 'p-2' }),
        decided(2, 'patch-3', 'rejected', { proposal_id: 'p-3', reason: 'No.' }),
      ],
    },
    rows: [
      {
        proposal_id: 'p-1',
        result: 'updated',
        detail: 'behind',
        decision: null,
        passes: 2,
        first_seen_at: second(10),
        last_seen_at: second(20),
      },
      {
        proposal_id: 'p-2',
        result: 'merged',
        decision: 'applied',
        decided_by: 'Ada',
        patch_id: 'patch-2',
        passes: 1,
      },
      {
        proposal_id: 'p-3',
        result: null,
        decision: 'rejected',
        reason: 'No.',
        passes: 0,
        last_seen_at: null,
      },
    ],
  },
  {
    view: 'signal_use',
    title: 'shows signals that nobody used, uses of unknown signals, and uses that led to nothing.',
    records: {
      research_signal: [
        { id: 's-1', source: 'gemini', relevance: 'high', domain: 'd', title: 'News', emitted_at: second(0) },
        {
          id: 's-2',
          source: 'perplexity',
          relevance: 'low',
          domain: 'd',
          title: 'Old',
          recorded_at: second(0),
        },
      ],
      signal_consumed: [
        {
          id: 'u-1',
          signal_id: 's-1',
          consumed_by: 'sky',
          use: 'priority_raised',
          ref: 'rec-1',
          consumed_at: '2026-11-20T06:00:00.000Z',
        },
        {
          id: 'u-2',
          signal_id: 's-1',
          consumed_by: 'ada',
          use: 'none',
          consumed_at: '2026-11-20T03:00:00.000Z',
        },
        { id: 'u-3', signal_id: 's-404', consumed_by: 'sky', use: 'none', consumed_at: second(1) },
      ],
    },
    rows: [
      {
        signal_id: 's-1',
        source: 'gemini',
        times_consumed: 2,
        led_to_something: 1,
        uses: ['none', 'priority_raised'],
        consumed_by: ['ada', 'sky'],
        refs: ['rec-1'],
        hours_to_first_use: 3,
      },
      { signal_id: 's-2', seen_at: second(0), times_consumed: 0, uses: [], hours_to_first_use: null },
      { signal_id: 's-404', source: null, times_consumed: 1, led_to_something: 0, hours_to_first_use: null },
    ],
  },
  {
    view: 'patch_tests',
    title: 'has the verdict, its figures and what became of the patch.',
    records: {
      patch: [patched(1, [route('a')], []), patched(2, [bullet('no')], [], { component: 'playbook' })],
      patch_decision: [decided(5, 'patch-1', 'applied', { decided_by: 'auto_apply' })],
      patch_test: [
        {
          id: 't-1',
          patch_id: 'patch-1',
          persona_id: 'solver',
          from_version: '1.0.0',
          verdict: 'improved',
          reason: 'Better.',
          pairs: 60,
          wins: 12,
          losses: 2,
          p_value: 0.0065,
          difference: 0.1667,
          runs: 120,
          cost_usd: 3.5,
          agent: 'claude',
          tested_at: second(4),
        },
        {
          id: 't-2',
          patch_id: 'patch-2',
          persona_id: 'solver',
          from_version: '1.0.0',
          verdict: 'no_headroom',
          reason: 'Nothing to gain.',
          pairs: 0,
          wins: 0,
          losses: 0,
          headroom: { tasks: 20, pass_at_1: 0.9, best_of_3: 0.95 },
          runs: 60,
          tested_at: second(3),
        },
      ],
      replay_run: [1, 2].map((n) => ({
        id: `r-${n}`,
        patch_id: 'patch-1',
        persona_id: 'solver',
        task_id: `task-${n}`,
        stage: 'gate',
        arm: 'old',
        attempt: 1,
        outcome: n === 1 ? 'error' : 'accepted',
      })),
    },
    order: 'patch_id',
    rows: [
      {
        patch_id: 'patch-1',
        component: 'routing',
        verdict: 'improved',
        wins: 12,
        losses: 2,
        errors: 1,
        cost_usd: 3.5,
        pass_at_1: null,
        status: 'applied',
        auto_applied: true,
      },
      {
        patch_id: 'patch-2',
        component: 'playbook',
        verdict: 'no_headroom',
        pass_at_1: 0.9,
        best_of_3: 0.95,
        errors: 0,
        cost_usd: null,
        status: 'proposed',
        auto_applied: false,
      },
    ],
  },
];
