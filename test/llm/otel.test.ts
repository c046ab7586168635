import { expect, test } from 'vitest';
import type { LlmCall } from '../../src/contracts/llm-call.ts';
import type { Entry } from '../../src/contracts/record.ts';
import { otelAttributes, semconv_version } from '../../src/llm/otel.ts';

const call: Entry & LlmCall = {
  id: 'c',
  kind: 'llm_call',
  schema_version: 1,
  recorded_at: '2026-11-21T00:00:00.000Z',
  source: 'llm',
  tier: 'brain',
  provider: 'anthropic',
  model: 'claude-sonnet-5-5',
  latency_ms: 7,
  outcome: 'ok',
  input_tokens: 10,
  output_tokens: 5,
  cache_read_tokens: 100,
  cache_write_tokens: 1_000,
  cost_usd: 0.5,
};

test('A call is told in the names of OpenTelemetry; there, cached tokens are part of the input.', () => {
  const persona = { persona_id: 'ada', persona_version: '1.0.0', session_id: 's' };
  expect(otelAttributes({ ...call, ...persona })).toEqual({
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'anthropic',
    'gen_ai.request.model': 'claude-sonnet-5-5',
    'gen_ai.response.model': 'claude-sonnet-5-5',
    'gen_ai.agent.name': 'ada',
    'gen_ai.agent.version': '1.0.0',
    'gen_ai.prompt.name': 'ada',
    'gen_ai.prompt.version': '1.0.0',
    'gen_ai.conversation.id': 's',
    'gen_ai.usage.input_tokens': 1_110,
    'gen_ai.usage.output_tokens': 5,
    'gen_ai.usage.cache_read.input_tokens': 100,
    'gen_ai.usage.cache_write.input_tokens': 1_000,
    'factory.cost.usd': 0.5,
  });
  expect(semconv_version).toMatch(/genai/);
});

test('A cost that is not known is left out, a failure has a type, and the model that was asked for is kept.', () => {
  const failed = otelAttributes({
    ...call,
    cost_usd: null,
    outcome: 'failed',
    model: 'other',
    extra: { requested_model: 'asked' },
  });
  expect(failed).not.toHaveProperty('factory.cost.usd');
  expect(failed).toMatchObject({
    'error.type': 'failed',
    'gen_ai.request.model': 'asked',
    'gen_ai.response.model': 'other',
  });
});
