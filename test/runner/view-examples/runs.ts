import { kinds } from '../../../src/contracts/kinds.ts';
import { fullExamples } from '../../contracts/full-examples.ts';
import type { ViewExample } from '../view-examples.ts';

const call = (id: string, more: object = {}) => ({
  id,
  tier: 'sub',
  provider: 'anthropic',
  model: 'haiku',
  input_tokens: 100,
  output_tokens: 50,
  latency_ms: 1_000,
  outcome: 'ok',
  emitted_at: '2026-11-20T23:59:59.999Z',
  ...more,
});

const calls = [
  call('c-1', { cost_usd: 0.1, cache_read_tokens: 300, latency_ms: 500 }),
  call('c-2', { cost_usd: 0.2, outcome: 'refused' }),
  call('c-3', { cost_usd: null, persona_id: 'solver' }),
  call('c-4', { model: 'local-7b', tier: 'local', provider: 'llama', input_tokens: 0, emitted_at: null }),
];

/** A pass of 2026-11-20, by the minute at which it began. */
const passAt = (minute: number, ms: number, more: object = {}) => ({
  id: `pass-${minute}`,
  runner: 'host:1',
  started_at: new Date(Date.UTC(2026, 10, 20, 0, minute)).toISOString(),
  duration_ms: ms,
  accepted: {},
  unchanged: 0,
  rejected: 0,
  findings: 0,
  proposals: [],
  ...more,
});

export const runExamples: readonly ViewExample[] = [
  {
    view: 'llm_spend',
    title: 'sums by day, tier, model and persona, and counts calls without a price apart.',
    records: { llm_call: calls },
    rows: [
      {
        day: '2026-11-20T00:00:00.000Z',
        model: 'haiku',
        persona_id: 'solver',
        calls: 1,
        cost_usd: null,
        unpriced: 1,
      },
      {
        day: '2026-11-20T00:00:00.000Z',
        model: 'haiku',
        persona_id: null,
        calls: 2,
        not_ok: 1,
        input_tokens: 200,
        output_tokens: 100,
        cache_read_tokens: 300,
        cache_write_tokens: 0,
        cost_usd: 0.3,
        unpriced: 0,
        avg_latency_ms: 750,
      },
      { day: '2026-11-21T00:00:00.000Z', tier: 'local', model: 'local-7b', calls: 1, cost_usd: null },
    ],
  },
  {
    view: 'llm_stats',
    title: 'gives each model its share, its tokens and its latency, and divides by no zero.',
    records: { llm_call: calls },
    rows: [
      {
        model: 'local-7b',
        calls: 1,
        share_pct: 25,
        ok_rate_pct: 100,
        tokens: 50,
        cached_pct: null,
        cost_usd: null,
        unpriced: 1,
        cost_per_call: null,
      },
      {
        model: 'haiku',
        calls: 3,
        share_pct: 75,
        ok_rate_pct: 66.7,
        tokens: 750,
        cached_pct: 50,
        cost_usd: 0.3,
        unpriced: 1,
        cost_per_call: 0.15,
        p50_latency_ms: 1_000,
        p95_latency_ms: 1_000,
        last_at: '2026-11-20T23:59:59.999Z',
      },
    ],
  },
  {
    view: 'pass_health',
    title: 'sums the passes of each day.',
    records: {
      pass: [
        passAt(1, 100, { accepted: { outcome: 3, thought: 2 }, rejected: 1, failures: 1 }),
        passAt(2, 300, {
          runner: 'host:2',
          findings: 2,
          unchanged: 4,
          proposals: [
            { proposal_id: 'p', result: 'opened' },
            { proposal_id: 'q', result: 'stuck' },
            { proposal_id: 'r', result: 'opened' },
          ],
        }),
        passAt(60 * 24, 50),
      ],
    },
    rows: [
      {
        day: '2026-11-20T00:00:00.000Z',
        passes: 2,
        runners: 2,
        median_ms: 200,
        max_ms: 300,
        accepted: 5,
        unchanged: 4,
        rejected: 1,
        findings: 2,
        proposals_opened: 2,
        proposals_stuck: 1,
        failures: 1,
      },
      { day: '2026-11-21T00:00:00.000Z', passes: 1, accepted: 0, proposals_opened: 0, failures: null },
    ],
  },
  {
    view: 'activity',
    title: 'has a line for a record of every kind, with who did it and what.',
    records: Object.fromEntries(kinds.map(({ name }) => [name, [fullExamples[name] ?? {}]])),
    order: 'kind',
    rows: [
      { kind: 'analysis_run', who: 'test', what: 'analysed 2000 outcomes: 2 findings, 3 to watch' },
      { kind: 'item_event', what: 'thought thought-1: complete (all variants have ended)' },
      { kind: 'llm_call', who: 'solver', what: 'asked claude-sonnet-4-5 for reflect: invalid' },
      { kind: 'outcome', id: 'outcome-1', who: 'solver', what: 'accepted: django__django-11099' },
      { kind: 'pass', who: 'host:4711', what: 'a pass of 812 ms: 2 rejected, 0 findings' },
      { kind: 'patch', what: 'patch of solver to 1.3.0: playbook' },
      { kind: 'patch_decision', who: 'Ada <ada@example.org>', what: 'applied: patch patch-1' },
      { kind: 'recommendation', what: 'recommends: Route django to the larger model' },
      { kind: 'research_signal', who: 'perplexity', what: 'noticed: Cached prefixes got cheaper' },
      { kind: 'signal_consumed', who: 'sky-lynx', what: 'signal signal-1: priority_raised (rec-1)' },
      {
        kind: 'slot_event',
        who: 'laptop-4711-0123abcd',
        what: 'slot thought-1-v1: renewed (half of the lease)',
      },
      {
        kind: 'thought',
        happened_at: '2026-11-20T10:00:00.000Z',
        who: 'test',
        what: 'wishes: A scroll beat that feels like breathing.',
      },
    ],
  },
  {
    view: 'activity',
    title: 'never shows a time after the record came in, and the first line of a wish only.',
    records: {
      thought: [{ text: 'One.\nTwo.', emitted_at: '2031-01-01T00:00:00.000Z' }],
      llm_call: [call('c', { emitted_at: null })],
    },
    order: 'kind',
    rows: [
      { kind: 'llm_call', happened_at: '2026-11-21T00:00:00.000Z', who: 'test', what: 'asked haiku: ok' },
      { kind: 'thought', happened_at: '2026-11-21T00:00:00.000Z', what: 'wishes: One.' },
    ],
  },
];
