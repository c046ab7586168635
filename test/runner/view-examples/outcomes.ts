import { expect } from 'vitest';
import type { ViewExample } from '../view-examples.ts';

const at = (day: number) => `2026-11-${String(day).padStart(2, '0')}T12:00:00.000Z`;

/** Outcomes of one version, the first `accepted` of them accepted. */
function runs(persona: string, version: string, n: number, accepted: number, more: object = {}) {
  return Array.from({ length: n }, (_, index) => ({
    id: `${persona}-${version}-${index}`,
    persona_id: persona,
    persona_version: version,
    outcome: index < accepted ? 'accepted' : 'failed',
    ...more,
  }));
}

export const outcomeExamples: readonly ViewExample[] = [
  {
    view: 'outcomes_by_persona_version',
    title: 'counts runs, leaves out errors, and knows a cost only when all runs have one.',
    records: {
      outcome: [
        { ...runs('a', '1.0.0', 1, 1)[0], cost_usd: 0.5, duration_seconds: 60, emitted_at: at(1) },
        { ...runs('a', '1.0.0', 2, 0)[1], cost_usd: 0.25, emitted_at: at(3) },
        { id: 'e', persona_id: 'a', persona_version: '1.0.0', outcome: 'error', duration_seconds: 9_000 },
        { ...runs('b', '1.0.0', 1, 1)[0], cost_usd: 1 },
        { ...runs('b', '1.0.0', 2, 0)[1] },
        { id: 'n', outcome: 'rejected', emitted_at: '2031-01-01T00:00:00.000Z' },
      ],
    },
    rows: [
      {
        persona_id: 'a',
        persona_version: '1.0.0',
        runs: 2,
        accepted: 1,
        success_rate: 0.5,
        // By hand: centre 0.5, half width 1.959964 sqrt(0.25 / 2 + 3.841459 / 16) / (1 + 3.841459 / 2).
        rate_low: 0.094531,
        rate_high: 0.905469,
        cost_usd: 0.75,
        cost_per_success: 0.75,
        avg_minutes: 1,
        errors: 1,
        first_at: at(1),
        last_at: '2026-11-21T00:00:00.000Z',
      },
      { persona_id: 'b', runs: 2, accepted: 1, cost_usd: null, cost_per_success: null, avg_minutes: null },
      {
        persona_id: null,
        persona_version: null,
        runs: 1,
        accepted: 0,
        success_rate: 0,
        rate_low: 0,
        cost_per_success: null,
        last_at: '2026-11-21T00:00:00.000Z',
      },
    ],
  },
  {
    view: 'outcomes_by_persona_version',
    title: 'knows nothing where only errors are, and takes an endless cost for none.',
    records: {
      outcome: [
        { id: 'e', persona_id: 'a', outcome: 'error', cost_usd: 1 },
        ...runs('b', '1.0.0', 2, 2, { cost_usd: 1.7e308 }),
      ],
    },
    rows: [
      {
        runs: 0,
        accepted: 0,
        success_rate: null,
        rate_low: 0,
        rate_high: 1,
        cost_usd: null,
        errors: 1,
      },
      { runs: 2, accepted: 2, success_rate: 1, rate_high: 1, cost_usd: null, errors: 0 },
    ],
  },
  {
    view: 'persona_effects',
    title: 'holds each version against the one before it by number, not by letters.',
    records: {
      outcome: [
        ...runs('a', '1.9.0', 50, 20, { cost_usd: 0.1 }),
        ...runs('a', '1.10.0', 50, 40, { cost_usd: 0.2 }),
        ...runs('a', '1.11.0', 50, 38),
        ...runs('a', '2.0.0', 50, 10),
        { id: 'e', persona_id: 'a', persona_version: '1.9.5', outcome: 'error' },
        { id: 'u', persona_id: 'a', outcome: 'accepted' },
        { id: 'v', persona_version: '1.0.0', outcome: 'accepted' },
      ],
    },
    order: "string_split(persona_version, '.')[1]::INT, string_split(persona_version, '.')[2]::INT",
    rows: [
      { persona_version: '1.9.0', version_before: null, runs_before: null, difference: null, verdict: null },
      {
        persona_version: '1.10.0',
        version_before: '1.9.0',
        runs: 50,
        runs_before: 50,
        success_rate: 0.8,
        success_rate_before: 0.4,
        difference: 0.4,
        verdict: 'better',
        cost_per_success: 0.25,
        cost_per_success_before: 0.25,
      },
      { persona_version: '1.11.0', version_before: '1.10.0', difference: -0.04, verdict: 'unclear' },
      { persona_version: '2.0.0', version_before: '1.11.0', difference: -0.56, verdict: 'worse' },
    ],
  },
  {
    view: 'persona_effects',
    title: 'gives the interval that Newcombe gives for 56 of 70 against 48 of 80.',
    records: { outcome: [...runs('a', '1.0.0', 80, 48), ...runs('a', '1.1.0', 70, 56)] },
    rows: [
      { persona_version: '1.0.0' },
      // Statistics in Medicine 17 (1998) 873-890, table II, contrast (a), method 10: 0.0524 to 0.3339.
      {
        persona_version: '1.1.0',
        difference: 0.2,
        difference_low: expect.closeTo(0.0524, 4),
        difference_high: expect.closeTo(0.3339, 4),
      },
    ],
  },
  {
    view: 'v_agent_performance',
    title: 'counts for each agent what was accepted and what was not, and no errors.',
    records: {
      outcome: [
        ...runs('test-author', '1.0.0', 2, 2, { duration_seconds: 90 }),
        ...runs('test-author', '1.1.0', 1, 0),
        { id: 'e', persona_id: 'test-author', outcome: 'error', duration_seconds: 9_000 },
        { id: 'r', persona_id: 'backend', outcome: 'rejected' },
        { id: 'f', persona_id: 'idle', outcome: 'error' },
        { id: 'n', outcome: 'accepted' },
      ],
    },
    rows: [
      {
        agent_id: 'backend',
        name: 'Backend',
        team_name: null,
        success_rate_pct: 0,
        total_tasks_completed: 0,
        total_tasks_failed: 1,
        avg_duration_minutes: null,
      },
      {
        agent_id: 'test-author',
        name: 'Test author',
        success_rate_pct: 66.7,
        total_tasks_completed: 2,
        total_tasks_failed: 1,
        avg_duration_minutes: 1.5,
      },
    ],
  },
];
