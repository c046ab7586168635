import { derivedId } from '../../contracts/ids.ts';
import type { LlmCall } from '../../contracts/llm-call.ts';
import type { Answer, BatchAnswer } from '../adapters/adapter.ts';
import { judgeAnswer, type Verdict } from '../answers/judge-answer.ts';
import { unusable } from '../answers/unusable.ts';
import { chargeOf } from '../charge.ts';
import { describeCall } from '../record-call.ts';
import type { BatchRequest } from './batch-request.ts';
import type { SentBatch } from './sent-batch.ts';

/** An answer of a batch, for the record and for each who asked the same. */
export interface Judged<T> {
  readonly call: LlmCall;
  /** In the order of the requests; fewer where there is nothing to give. */
  readonly completions: readonly Verdict<T>[];
}

/**
 * What an answer of a batch is worth to those who asked; undefined when nothing was paid for it. The id of its call
 * is the same whoever takes it, so it is on record once.
 * @param same all requests with this hash; none when nobody wants it now
 */
export function judgeInBatch<T>(
  { port, plan, batch }: Pick<SentBatch<T>, 'port' | 'plan' | 'batch'>,
  hash: string,
  answer: BatchAnswer | undefined,
  same: readonly BatchRequest<T>[],
): Judged<T> | undefined {
  if (!isPaid(answer)) return undefined;
  const { clock, warnings } = port.context.workspace;
  const sentAt = new Date(batch.submittedAt);
  const charge = chargeOf(answer, plan, port.prices, sentAt, true);
  if (charge.unpriced !== undefined)
    warnings.push(`no price is known for ${charge.unpriced}, which answered for ${plan.model}`);
  const completions = same.flatMap((one) => verdictOf(one, answer));
  const outcome = completions[0]?.result ?? unasked(answer);
  const call = describeCall(clock.now(), same[0]?.request ?? { purpose: batch.purpose }, plan, {
    answer,
    charge,
    attempts: 1,
    latencyMs: Math.max(0, clock.now().getTime() - sentAt.getTime()),
    batch: { id: batch.id, hash },
    outcome,
    error: errorOf(completions[0], answer),
  });
  const id = derivedId(sentAt, ['call', plan.name, batch.id, hash]);
  return { call: { ...call, llm_call_id: id }, completions };
}

function isPaid(answer: BatchAnswer | undefined): answer is Answer {
  if (answer?.result !== 'fault') return answer?.result === 'answered';
  return answer.fault === 'garbage' || answer.spent !== 'nothing';
}

/** Nothing for what has to be asked again. */
function verdictOf<T>({ request, question }: BatchRequest<T>, answer: Answer): Verdict<T>[] {
  if (answer.result === 'answered') return [judgeAnswer(request, answer, question.maxOutputTokens)];
  return answer.fault === 'garbage' ? [unusable(answer.message)] : [];
}

/** Nobody has said what the answer should be. */
function unasked(answer: Answer): LlmCall['outcome'] {
  if (answer.result === 'answered') return answer.stop === 'refused' ? 'refused' : 'ok';
  return answer.fault === 'garbage' ? 'invalid' : 'failed';
}

function errorOf(verdict: Verdict<unknown> | undefined, answer: Answer): string | undefined {
  if (verdict !== undefined) return verdict.result === 'ok' ? undefined : verdict.reason;
  return answer.result === 'fault' ? answer.message : undefined;
}
