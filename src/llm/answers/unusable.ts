import type { Verdict } from './judge-answer.ts';

/** An answer came, and it is none that anybody can read: asking again may cost the same for the same. */
export function unusable(
  reason: string,
): Extract<Verdict<never>, { result: 'invalid' | 'refused' | 'failed' }> {
  const hint =
    'ask for less; when every answer is like this, what answers does not speak the protocol that llm.providers says';
  return { result: 'invalid', reason, hint };
}
