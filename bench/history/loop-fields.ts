import { Place } from './place.ts';
import { vocabulary as words } from './vocabulary.ts';

/** What the loop itself writes down: few records, some of them with much in them. */
export const loopFields = {
  pass: (place: Place) => ({
    pass_id: place.id,
    runner: `runner-${place.index % 3}:4711`,
    started_at: place.date.toISOString(),
    duration_ms: Math.floor(200 + place.random() * 4_000),
    accepted: { outcome: 1 + Math.floor(place.random() * 200) },
    unchanged: Math.floor(place.random() * 10),
    rejected: place.random() < 0.05 ? 1 : 0,
    findings: Math.floor(place.random() * 3),
    proposals: [],
  }),

  research_signal: (place: Place) => ({
    signal_id: place.id,
    source: 'research-agent',
    relevance: place.pick(['low', 'medium', 'high']),
    domain: place.pick(words.repositories),
    title: place.pick(words.titles),
    summary: `Seen ${place.index} times: ${place.pick(words.reasons)}`,
    url: `https://example.invalid/signals/${place.index}`,
    tags: ['models', place.pick(words.models)],
    emitted_at: place.date.toISOString(),
  }),

  llm_call: (place: Place) => {
    const persona = place.pick(words.personas);
    return {
      llm_call_id: place.id,
      tier: place.pick(['brain', 'sub', 'local']),
      provider: place.pick(['anthropic', 'openai']),
      model: place.pick(words.models),
      persona_id: persona,
      persona_version: place.version(persona),
      purpose: place.pick(['reflect', 'review', 'upgrade']),
      input_tokens: Math.floor(place.random() * 40_000),
      output_tokens: Math.floor(place.random() * 4_000),
      cache_read_tokens: Math.floor(place.random() * 30_000),
      cost_usd: Math.round(place.random() * 1e5) / 1e6,
      latency_ms: Math.floor(400 + place.random() * 20_000),
      outcome: place.random() < 0.97 ? 'ok' : 'failed',
      emitted_at: place.date.toISOString(),
    };
  },

  recommendation: (place: Place) => ({
    recommendation_id: place.id,
    recommendation_type: 'routing',
    target_system: 'personas',
    target_persona: place.pick(words.personas),
    priority: place.pick(['low', 'medium', 'high']),
    title: words.titles[0],
    evidence: [evidence(place)],
    suggested_change: { deltas: [route(place)] },
    emitted_at: place.date.toISOString(),
  }),

  patch: (place: Place) => {
    const persona = personaOf(place.index);
    return {
      patch_id: place.id,
      persona_id: persona,
      from_version: place.version(persona),
      to_version: place.version(persona, 1),
      component: 'routing',
      deltas: [route(place)],
      rationale: 'The pairs that differ speak for it, and it costs less.',
      evidence: [evidence(place)],
      recommendation_ids: [Place.idOf('recommendation', place.index, place.of)],
      predicted_effect: {
        metric: 'success_rate',
        baseline: 0.62,
        expected: 0.7,
        cost_per_run_before: 0.41,
        cost_per_run_after: 0.33,
        runs: 400,
        measured_by: 'outcomes of the new version',
      },
      schema_valid: true,
      emitted_at: place.date.toISOString(),
    };
  },

  patch_decision: (place: Place) => {
    const isApplied = place.random() < 0.7;
    return {
      patch_id: Place.idOf('patch', place.index, place.of),
      proposal_id: `p-${personaOf(place.index)}-${place.index}`,
      decision: isApplied ? 'applied' : 'rejected',
      decided_by: 'bench@example.invalid',
      ...(isApplied ? { commit_hash: place.hex(40) } : { reason: 'too few pairs' }),
      decided_at: place.date.toISOString(),
    };
  },
} satisfies Record<string, (place: Place) => Record<string, unknown>>;

const personaOf = (index: number) => words.personas[index % words.personas.length] ?? 'solver';

function route(place: Place): Record<string, unknown> {
  return { op: 'set_route', domain: place.pick(words.repositories), model: place.pick(words.models) };
}

function evidence(place: Place): Record<string, unknown> {
  const arms = ['sonnet-4-5', 'gpt-5'].map((arm) => ({
    arm,
    n: 200,
    accepted: Math.floor(100 + place.random() * 60),
    cost_usd: Math.round(place.random() * 1e8) / 1e6,
  }));
  const ids = Array.from({ length: 8 }, () =>
    Place.idOf('outcome', Math.floor(place.random() * 1e6), 10_000_000),
  );
  return {
    statement: 'sonnet-4-5 succeeds more often than gpt-5 on the same work',
    record_ids: ids,
    domain: null,
    arms,
    test: 'paired sign test, one-sided',
    wins: 42,
    losses: 17,
    p_value: 0.0008,
    p_adjusted: 0.004,
  };
}
