import { z } from 'zod';
import type { Answer } from './adapter.ts';
import { MOST_ANSWER_BYTES } from './answer-limit.ts';
import { anthropicUsage, anthropicUsageShape } from './anthropic-usage.ts';
import { garbage } from './fault.ts';

const message = z.object({
  model: z.string(),
  content: z.array(
    z.object({
      type: z.string(),
      text: z.string().optional(),
      id: z.string().optional(),
      name: z.string().optional(),
      input: z.unknown().optional(),
    }),
  ),
  stop_reason: z.string().nullish(),
  usage: anthropicUsageShape,
});
type Block = z.infer<typeof message>['content'][number];

type Stop = Extract<Answer, { result: 'answered' }>['stop'];

const stops: Readonly<Record<string, Stop>> = {
  end_turn: 'end',
  stop_sequence: 'end',
  pause_turn: 'end',
  tool_use: 'tools',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  refusal: 'refused',
};

/**
 * A message of the provider as an answer. What it holds beside texts and calls of tools is left out: nobody
 * asked for it. A call without an input is one that was broken off.
 */
export function anthropicAnswer(value: unknown): Answer {
  const read = message.safeParse(value);
  if (!read.success) return garbage(`not a message of this protocol: ${firstProblem(read.error)}`);
  const { model, content, stop_reason, usage: told } = read.data;
  const usage = anthropicUsage(told);
  const text = content.map((block) => (block.type === 'text' ? (block.text ?? '') : '')).join('');
  const calls = content.filter(({ type }) => type === 'tool_use');
  const toolCalls = calls.flatMap(toolCall);
  const stop = stops[stop_reason ?? ''] ?? (calls.length > 0 ? 'tools' : 'end');
  if (toolCalls.length < calls.length && stop !== 'length') {
    return garbage('a call of a tool without a readable input', usage);
  }
  if (Buffer.byteLength(text) + Buffer.byteLength(JSON.stringify(toolCalls)) > MOST_ANSWER_BYTES) {
    return garbage(`an answer of more than ${MOST_ANSWER_BYTES} bytes`, usage);
  }
  return { result: 'answered', text, toolCalls, stop, model, usage };
}

function toolCall({ id, name, input }: Block): { id: string; name: string; input: unknown }[] {
  if (id === undefined || name === undefined || input === undefined) return [];
  return [{ id, name, input }];
}

function firstProblem({ issues: [issue] }: z.ZodError): string {
  return `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`;
}
