import type { LlmCall } from '../contracts/llm-call.ts';
import type { Entry } from '../contracts/record.ts';

/**
 * The version of the OpenTelemetry conventions for generative AI that the names below are of. All of them are in
 * development and still change; our own columns do not.
 */
export const semconv_version = 'semantic-conventions-genai main, 2026-11';

type Column = keyof LlmCall;

/** Our columns and their names there. There is no attribute for cost: that one is ours. */
const names: readonly (readonly [Column, string])[] = [
  ['provider', 'gen_ai.provider.name'],
  ['model', 'gen_ai.response.model'],
  ['persona_id', 'gen_ai.agent.name'],
  ['persona_version', 'gen_ai.agent.version'],
  ['persona_id', 'gen_ai.prompt.name'],
  ['persona_version', 'gen_ai.prompt.version'],
  ['session_id', 'gen_ai.conversation.id'],
  ['output_tokens', 'gen_ai.usage.output_tokens'],
  ['cache_read_tokens', 'gen_ai.usage.cache_read.input_tokens'],
  ['cache_write_tokens', 'gen_ai.usage.cache_write.input_tokens'],
  ['cost_usd', 'factory.cost.usd'],
];

export type OtelAttributes = Readonly<Record<string, string | number>>;

/** A call as attributes of a span. What is not known is left out. */
export function otelAttributes(call: Entry & LlmCall): OtelAttributes {
  const own = names.flatMap(([column, name]) => {
    const value = call[column];
    return typeof value === 'string' || typeof value === 'number' ? [[name, value] as const] : [];
  });
  const { outcome, extra } = call;
  const requested = extra?.requested_model;
  return {
    'gen_ai.operation.name': 'chat',
    'gen_ai.request.model': typeof requested === 'string' ? requested : call.model,
    ...Object.fromEntries(own),
    'gen_ai.usage.input_tokens': allInput(call),
    ...(outcome === 'ok' ? {} : { 'error.type': outcome }),
  };
}

/** There, cached tokens are part of the input; here they are not. */
function allInput({
  input_tokens: input,
  cache_read_tokens: read = 0,
  cache_write_tokens: write = 0,
}: LlmCall) {
  return input + read + write;
}
