import type { Completion, Llm, LlmRequest } from '../../../src/llm/llm.ts';

/** What a model says: a text, or what becomes of the request otherwise. */
export type Reply = string | Extract<Completion<unknown>, { reason: string }>['result'];

export interface ScriptedLlm extends Llm {
  readonly requests: LlmRequest<unknown>[];
  /** How many came together in each batch. */
  readonly batches: number[];
}

const failures = ['refused', 'failed', 'over_budget', 'not_configured'];

/** A model that says what the script says, one reply a request; the last one again and again. No network. */
export function scriptedLlm(
  script: readonly (Reply | ((request: LlmRequest<unknown>) => Reply))[],
): ScriptedLlm {
  const requests: LlmRequest<unknown>[] = [];
  const batches: number[] = [];
  const complete = async <T>(request: LlmRequest<T>): Promise<Completion<T>> => {
    const next = script[Math.min(requests.length, script.length - 1)] ?? '';
    requests.push(request as LlmRequest<unknown>);
    const reply = typeof next === 'function' ? next(request as LlmRequest<unknown>) : next;
    return completion(request, reply, `call-${requests.length}`);
  };
  return {
    requests,
    batches,
    complete,
    completeAll: async (some) => {
      batches.push(some.length);
      const answers = [];
      for (const request of some) answers.push(await complete(request));
      return answers;
    },
    problemOf: (tier) => (tier === 'brain' ? undefined : `no model is set for ${tier}`),
  };
}

function completion<T>(request: LlmRequest<T>, reply: string, call: string): Completion<T> {
  const spent = { calls: [call], cost_usd: 0.01 };
  if (failures.includes(reply))
    return { result: reply as 'failed', reason: `it ${reply}`, hint: 'Wait.', ...spent };
  const read = request.schema?.safeParse(parsed(reply));
  if (read?.success) return { result: 'ok', value: read.data, text: reply, ...spent };
  return { result: 'invalid', reason: 'expected JSON of the schema', hint: 'Ask.', text: reply, ...spent };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
