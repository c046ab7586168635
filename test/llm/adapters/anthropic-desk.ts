import { z } from 'zod';
import { type Clock, systemClock } from '../../../src/contracts/clock.ts';
import type { Answer, LlmAdapter, Question } from '../../../src/llm/adapters/adapter.ts';

/** A question with everything that is not said left at the least. */
export function question(over: Partial<Question> = {}): Question {
  return {
    model: 'claude-sonnet-5-5',
    system: [{ text: 'You are terse.' }],
    messages: [{ role: 'user', content: 'hello' }],
    tools: [],
    maxOutputTokens: 1_000,
    signal: new AbortController().signal,
    ...over,
  };
}

export type Answered = Extract<Answer, { result: 'answered' }>;
export type Fault = Extract<Answer, { result: 'fault' }>;

export async function answered(adapter: LlmAdapter, over: Partial<Question> = {}): Promise<Answered> {
  const answer = await adapter.ask(question(over));
  if (answer.result !== 'answered') throw new Error(`no answer: ${answer.fault}: ${answer.message}`);
  return answer;
}

export async function faulty(adapter: LlmAdapter, over: Partial<Question> = {}): Promise<Fault> {
  const answer = await adapter.ask(question(over));
  if (answer.result !== 'fault') throw new Error(`an answer where none should be: ${answer.text}`);
  return answer;
}

/** The real clock for everything but waiting: that takes no time, and is written down. */
export function hastyClock(): Clock & { readonly waits: number[] } {
  const waits: number[] = [];
  return {
    ...systemClock,
    waits,
    sleep: async (ms) => {
      waits.push(ms);
    },
  };
}

/** The JSON Schema of a zod schema, as the port makes it. */
export function jsonSchema(schema: z.ZodType): Record<string, unknown> {
  return z.toJSONSchema(schema) as Record<string, unknown>;
}
