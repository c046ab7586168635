import { z } from 'zod';
import type { Answer, Usage } from './adapter.ts';
import { MOST_ANSWER_BYTES } from './answer-limit.ts';
import { garbage } from './fault.ts';

const tokens = z.int().min(0);

const usageShape = z.object({
  prompt_tokens: tokens,
  completion_tokens: tokens.default(0),
  prompt_tokens_details: z.object({ cached_tokens: tokens.nullish() }).nullish(),
});

const toolCallShape = z.object({
  id: z.string().nullish(),
  function: z.object({ name: z.string(), arguments: z.unknown().optional() }),
});

const completion = z.object({
  model: z.string().optional(),
  choices: z
    .array(
      z.object({
        message: z.object({
          content: z.string().nullish(),
          refusal: z.string().nullish(),
          tool_calls: z.array(toolCallShape).nullish(),
        }),
        finish_reason: z.string().nullish(),
      }),
    )
    .min(1),
  usage: usageShape,
});
type Choice = z.infer<typeof completion>['choices'][number];

type Answered = Extract<Answer, { result: 'answered' }>;

/**
 * A completion as an answer.
 * @param asked the model that was asked, where the server does not say who answered
 */
export function openaiAnswer(text: string, asked: string): Answer {
  const read = completion.safeParse(parsed(text));
  if (!read.success) return garbage(`not a completion: ${firstProblem(read.error)}`);
  const { model = asked, choices, usage: told } = read.data;
  const [choice] = choices;
  if (choice === undefined) return garbage('a completion without a choice');
  return answerOf(choice, model, usageOf(told));
}

function answerOf({ message, finish_reason }: Choice, model: string, usage: Usage): Answer {
  const calls = message.tool_calls ?? [];
  const toolCalls = calls.flatMap(toolCall);
  const refused = message.refusal ?? '';
  const text = (message.content ?? '') || refused;
  const stop = refused === '' ? stopOf(finish_reason ?? '', calls.length > 0) : 'refused';
  if (toolCalls.length < calls.length && stop !== 'length') {
    return garbage('a call of a tool whose arguments are no JSON', usage);
  }
  if (Buffer.byteLength(text) > MOST_ANSWER_BYTES) {
    return garbage(`an answer of more than ${MOST_ANSWER_BYTES} bytes`, usage);
  }
  return { result: 'answered', text, toolCalls, stop, model, usage };
}

/** Some servers say `stop` after a call of a tool. */
function stopOf(reason: string, calls: boolean): Answered['stop'] {
  if (reason === 'length') return 'length';
  if (reason === 'content_filter') return 'refused';
  return calls ? 'tools' : 'end';
}

/** Some servers give no ids, and some give the arguments as a value. A call that was broken off has none. */
function toolCall(
  { id, function: { name, arguments: given } }: z.infer<typeof toolCallShape>,
  at: number,
): Answered['toolCalls'] {
  const input = typeof given === 'string' ? parsed(given.trim() === '' ? '{}' : given) : given;
  return input === undefined ? [] : [{ id: id ?? `call_${at + 1}`, name, input }];
}

/** `prompt_tokens` has those of the cache in it. */
function usageOf({ prompt_tokens, completion_tokens, ...told }: z.infer<typeof usageShape>): Usage {
  const cached = Math.min(told.prompt_tokens_details?.cached_tokens ?? 0, prompt_tokens);
  return {
    input: prompt_tokens - cached,
    output: completion_tokens,
    cacheRead: cached,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function firstProblem({ issues: [issue] }: z.ZodError): string {
  return `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`;
}
