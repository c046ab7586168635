import type { Answer } from '../adapters/adapter.ts';
import type { LlmRequest } from '../llm.ts';
import { checkValue } from './check-value.ts';
import { findJson } from './find-json.ts';

type Answered = Extract<Answer, { result: 'answered' }>;

export type Verdict<T> =
  | { readonly result: 'ok'; readonly value: T; readonly text: string }
  | {
      readonly result: 'refused' | 'invalid' | 'failed';
      readonly reason: string;
      readonly hint: string;
      readonly text?: string;
    };

/** Whether an answer is what was asked for. Asking again with the reasons is up to the caller. */
export function judgeAnswer<T>(
  { schema, purpose }: Pick<LlmRequest<T>, 'schema' | 'purpose'>,
  { text, stop, model }: Answered,
  maxOutputTokens: number,
): Verdict<T> {
  if (stop === 'refused') {
    const hint = 'the words of the prompt decide this: asking again does not help';
    return { result: 'refused', reason: `${model} would not answer (${purpose})`, hint, text };
  }
  // Without a schema the answer is its text, and T is string.
  if (schema === undefined) return { result: 'ok', value: text as T, text };
  if (stop === 'length') {
    const reason = `cut off at max tokens (${maxOutputTokens})`;
    return { result: 'invalid', reason, hint: 'raise llm.max_output_tokens, or ask for less', text };
  }
  const json = findJson(text);
  const checked = json.ok ? checkValue(schema, json.data) : json;
  if (checked.ok) return { result: 'ok', value: checked.value, text };
  const hint = 'ask again with the reason; a larger model keeps to its form more often';
  return { result: 'invalid', reason: checked.reason, hint, text };
}
