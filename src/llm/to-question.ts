import { z } from 'zod';
import type { LlmRequest, LlmTool } from './llm.ts';
import type { Asked } from './port.ts';

export interface QuestionDefaults {
  readonly model: string;
  readonly maxOutputTokens: number;
  readonly signal: AbortSignal;
}

/** A request as the question to one model. */
export function toQuestion(request: LlmRequest<unknown>, defaults: QuestionDefaults): Asked {
  const { purpose, system, messages, schema, tools = [], maxOutputTokens, signal } = request;
  return {
    purpose,
    model: defaults.model,
    system,
    messages,
    tools: tools.map(describeTool),
    ...(schema === undefined ? {} : { answerSchema: jsonSchema(schema) }),
    maxOutputTokens: maxOutputTokens ?? defaults.maxOutputTokens,
    signal: signal === undefined ? defaults.signal : AbortSignal.any([signal, defaults.signal]),
  };
}

function describeTool({ name, description, input }: LlmTool): Asked['tools'][number] {
  return { name, description, inputSchema: jsonSchema(input) };
}

/** What a model may write. Rules that JSON Schema has no words for are checked when the answer is here. */
function jsonSchema(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
}
