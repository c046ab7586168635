import type { Records } from '../../history/memory-history.ts';

const at = (day: string, hour = 12) => `2026-11-${day}T${String(hour).padStart(2, '0')}:00:00.000Z`;

/** The history around week 47 of 2026, the 16th to the 22nd of November: something for every section of a report. */
export function sampleWeek(): Records {
  return {
    outcome: [
      ...work('backend', '1.0.0', ['2026-10-26', '2026-11-02', '2026-11-09', '2026-11-16'], 20, 12),
      ...work('frontend', '2.0.0', ['2026-11-02', '2026-11-09', '2026-11-17'], 10, 9),
      { idea_id: 'x', persona_id: 'backend', outcome: 'error', recorded_at: at('18') },
      { idea_id: 'y', outcome: 'accepted', recorded_at: at('18') },
    ],
    analysis_run: [
      {
        input: 'tree',
        recorded_at: at('22', 2),
        outcomes: 31,
        comparisons: 4,
        findings: 1,
        watch: 1,
        not_enough_data: 2,
        false_discovery_rate: 0.1,
      },
    ],
    recommendation: [
      {
        id: 'rec-1',
        recorded_at: at('22', 2),
        recommendation_type: 'routing',
        target_system: 'personas',
        target_persona: 'backend',
        priority: 'high',
        title: 'backend: route a/b to gpt-5',
        evidence: [{ statement: 'It does better.', record_ids: ['o-1'], p_adjusted: 0.0123 }],
        suggested_change: { deltas: [{ op: 'set_route', domain: 'a/b', model: 'gpt-5' }] },
      },
    ],
    explanation: [
      {
        id: 'exp-1',
        recorded_at: at('22', 3),
        recommendation_id: 'rec-1',
        state: 'drafted',
        causes: [
          {
            statement: 'It forgets to run the tests.',
            record_ids: ['o-1', 'o-2'],
            quotes: [{ record_id: 'o-1', text: 'I did not run them' }],
          },
        ],
        recommendation_ids: ['rec-2'],
        records_read: 20,
        transcripts_read: 0,
        quotes_dropped: 1,
        explained_at: at('22', 3),
      },
    ],
    patch: [
      patch('patch-old', '1.0.0', '1.1.0', '2026-11-01T00:00:00.000Z'),
      patch('patch-new', '1.1.0', '1.2.0', at('22', 4)),
    ],
    patch_decision: [
      {
        patch_id: 'patch-old',
        proposal_id: 'millwright/persona-backend/1',
        decision: 'applied',
        decided_by: 'Ada <ada@example.invalid>',
        decided_at: at('17'),
        recorded_at: at('17'),
      },
    ],
    patch_test: [
      {
        patch_id: 'patch-new',
        persona_id: 'backend',
        from_version: '1.1.0',
        verdict: 'improved',
        reason: 'It wins.',
        pairs: 60,
        wins: 14,
        losses: 5,
        p_value: 0.0318,
        runs: 120,
        tested_at: at('22', 5),
        recorded_at: at('22', 5),
      },
    ],
    replay_run: [
      {
        patch_id: 'patch-new',
        stage: 'gate',
        arm: 'new',
        outcome: 'accepted',
        cost_usd: 1.5,
        recorded_at: at('22', 5),
      },
      { patch_id: 'patch-new', stage: 'gate', arm: 'old', outcome: 'failed', recorded_at: at('22', 5) },
    ],
    effect_measurement: [
      effect('patch-new', {
        state: 'alert',
        difference: -0.12,
        low: -0.22,
        high: -0.02,
        harm: 12,
        benefit: 0.1,
      }),
    ],
    effect_decision: [
      {
        ...effect('patch-old', { difference: 0.08, low: 0.01, high: 0.15, harm: 0.05, benefit: 23 }),
        decision: 'promote',
        reason: 'The evidence of benefit passed 20.',
        predicted_difference: 0.1,
        decided_at: at('20'),
      },
    ],
    llm_call: [
      call('claude-sonnet', {
        persona_id: 'backend',
        cost_usd: 0.42,
        input_tokens: 1_000,
        output_tokens: 200,
      }),
      call('unknown-model', { cost_usd: null, input_tokens: 10, output_tokens: 5, outcome: 'invalid' }),
    ],
    pass: [
      {
        runner: 'a:1',
        started_at: at('19'),
        recorded_at: at('19'),
        duration_ms: 1,
        rejected: 2,
        failures: 1,
        findings: 0,
        unchanged: 0,
        accepted: {},
        proposals: [],
      },
    ],
    schedule_run: [
      {
        schedule: 'loop',
        due_at: at('22', 2),
        attempt: 1,
        state: 'started',
        missed: 2,
        runner: 'a:1',
        at: at('22', 2),
      },
    ],
  };
}

function work(persona: string, version: string, days: readonly string[], runs: number, accepted: number) {
  return days.flatMap((day, week) =>
    Array.from({ length: runs }, (_, n) => ({
      idea_id: `${persona}-${day}-${n}`,
      persona_id: persona,
      persona_version: version,
      outcome: n < accepted + week ? 'accepted' : 'failed',
      cost_usd: 0.25,
      recorded_at: `${day}T10:00:00.000Z`,
    })),
  );
}

function patch(id: string, from: string, to: string, recordedAt: string) {
  return {
    id,
    persona_id: 'backend',
    from_version: from,
    to_version: to,
    component: 'routing',
    deltas: [{ op: 'set_route', domain: 'a/b', model: 'gpt-5' }],
    rationale: 'Because.',
    predicted_effect: { metric: 'accepted', baseline: 0.6, expected: 0.7, runs: 20, measured_by: 'views' },
    schema_valid: true,
    recorded_at: recordedAt,
  };
}

interface Seen {
  readonly state?: string;
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  readonly harm: number;
  readonly benefit: number;
}

function effect(patchId: string, { state, difference, low, high, harm, benefit }: Seen) {
  return {
    patch_id: patchId,
    persona_id: 'backend',
    control_version: patchId === 'patch-old' ? '1.0.0' : '1.1.0',
    treatment_version: patchId === 'patch-old' ? '1.1.0' : '1.2.0',
    method: 'concurrent',
    control_runs: 60,
    control_accepted: 36,
    treatment_runs: 60,
    treatment_accepted: 41,
    blocks: 60,
    difference,
    difference_low: low,
    difference_high: high,
    evidence_harm: harm,
    evidence_benefit: benefit,
    recorded_at: at('20'),
    ...(state === undefined ? {} : { state, measured_at: at('20') }),
  };
}

function call(model: string, more: Readonly<Record<string, unknown>>) {
  return {
    tier: 'sub',
    provider: 'anthropic',
    model,
    latency_ms: 900,
    outcome: 'ok',
    recorded_at: at('21'),
    ...more,
  };
}
