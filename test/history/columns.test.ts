import { describe, expect, test } from 'vitest';
import { kinds } from '../../src/contracts/kinds.ts';
import { columnsOf } from '../../src/history/columns.ts';

const envelope = [
  'id VARCHAR',
  'kind VARCHAR',
  'schema_version INTEGER',
  'recorded_at TIMESTAMP',
  'source VARCHAR',
];

/** Own columns of each kind, in the order of the schema. */
const own: Readonly<Record<string, readonly string[]>> = {
  outcome: [
    'idea_id VARCHAR',
    'persona_id VARCHAR',
    'persona_version VARCHAR',
    'model VARCHAR',
    'domain VARCHAR',
    'outcome VARCHAR',
    'overall_score DOUBLE',
    'cost_usd DOUBLE',
    'tokens BIGINT',
    'api_calls BIGINT',
    'duration_seconds DOUBLE',
    'paired_key VARCHAR',
    'session_id VARCHAR',
    'prompt_hash VARCHAR',
    'branch_name VARCHAR',
    'commit_hash VARCHAR',
    'smoke_test_pass BOOLEAN',
    'transcript VARCHAR',
    'bullets_helpful VARCHAR[]',
    'bullets_harmful VARCHAR[]',
    'notes VARCHAR',
    'emitted_at TIMESTAMP',
    'extra JSON',
  ],
  recommendation: [
    'recommendation_id VARCHAR',
    'recommendation_type VARCHAR',
    'target_system VARCHAR',
    'target_persona VARCHAR',
    'priority VARCHAR',
    'title VARCHAR',
    'evidence JSON',
    'suggested_change JSON',
    'rationale VARCHAR',
    'emitted_at TIMESTAMP',
    'extra JSON',
  ],
  patch: [
    'patch_id VARCHAR',
    'persona_id VARCHAR',
    'from_version VARCHAR',
    'to_version VARCHAR',
    'component VARCHAR',
    'deltas JSON',
    'rationale VARCHAR',
    'evidence JSON',
    'recommendation_ids VARCHAR[]',
    'predicted_effect JSON',
    'schema_valid BOOLEAN',
    'emitted_at TIMESTAMP',
    'extra JSON',
  ],
  patch_decision: [
    'patch_id VARCHAR',
    'proposal_id VARCHAR',
    'decision VARCHAR',
    'decided_by VARCHAR',
    'reason VARCHAR',
    'commit_hash VARCHAR',
    'decided_at TIMESTAMP',
    'extra JSON',
  ],
  research_signal: [
    'signal_id VARCHAR',
    'source VARCHAR',
    'relevance VARCHAR',
    'domain VARCHAR',
    'title VARCHAR',
    'summary VARCHAR',
    'url VARCHAR',
    'tags VARCHAR[]',
    'emitted_at TIMESTAMP',
    'extra JSON',
  ],
  thought: [
    'thought_id VARCHAR',
    'text VARCHAR',
    'category VARCHAR',
    'constitution_path VARCHAR',
    'priority BIGINT',
    'model VARCHAR',
    'emitted_at TIMESTAMP',
    'extra JSON',
  ],
  item_event: [
    'item_event_id VARCHAR',
    'item_id VARCHAR',
    'item_kind VARCHAR',
    'event VARCHAR',
    'at TIMESTAMP',
    'slots VARCHAR[]',
    'ends JSON',
    'reason VARCHAR',
  ],
  slot_event: [
    'slot_event_id VARCHAR',
    'slot_id VARCHAR',
    'item_id VARCHAR',
    'event VARCHAR',
    'token BIGINT',
    'worker_id VARCHAR',
    'at TIMESTAMP',
    'commit VARCHAR',
    'renewals BIGINT',
    'reason VARCHAR',
  ],
  analysis_run: [
    'analysis_id VARCHAR',
    'input VARCHAR',
    'window_start TIMESTAMP',
    'window_end TIMESTAMP',
    'outcomes BIGINT',
    'comparisons BIGINT',
    'findings BIGINT',
    'watch BIGINT',
    'not_enough_data BIGINT',
    'false_discovery_rate DOUBLE',
  ],
  pass: [
    'pass_id VARCHAR',
    'runner VARCHAR',
    'started_at TIMESTAMP',
    'duration_ms BIGINT',
    'accepted JSON',
    'unchanged BIGINT',
    'rejected BIGINT',
    'findings BIGINT',
    'proposals JSON',
  ],
};

describe('the columns', () => {
  test('have a table here for every kind.', () => {
    expect(Object.keys(own)).toEqual(kinds.map(({ name }) => name));
  });

  test.each(kinds.map((kind) => [kind.name, kind] as const))(
    'of %s are the envelope and every field of its schema.',
    (name, kind) => {
      const wanted = own[name] ?? [];
      // A field that repeats one of the envelope, as the source of a signal does, is one column.
      const rest = envelope.filter((column) => !wanted.includes(column));
      expect(columnsOf(kind).map((column) => `${column.name} ${column.type}`)).toEqual([...rest, ...wanted]);
      expect(Object.keys(kind.fields.shape)).toEqual(wanted.map((column) => column.split(' ')[0]));
    },
  );
});
