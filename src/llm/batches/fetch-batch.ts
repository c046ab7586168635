import type { LlmCall } from '../../contracts/llm-call.ts';
import type { BatchAdapter, BatchAnswer } from '../adapters/adapter.ts';
import { judgeAnswer } from '../answers/judge-answer.ts';
import type { Reservation } from '../budgets/budget.ts';
import { nanoUsd } from '../budgets/nano-usd.ts';
import { chargeOf } from '../charge.ts';
import type { Completion } from '../llm.ts';
import type { ReadyTier } from '../plan-tier.ts';
import type { Port } from '../port.ts';
import { describeCall } from '../record-call.ts';
import { awaitBatch } from './await-batch.ts';
import type { BatchRequest } from './batch-request.ts';
import type { OpenBatch } from './find-open-batches.ts';
import { type BatchEnd, recordEnded } from './record-batch.ts';

/** A batch at its provider, and what this run wants of it. */
export interface SentBatch<T> {
  readonly port: Port;
  readonly plan: ReadyTier;
  readonly batches: BatchAdapter;
  readonly batch: OpenBatch;
  readonly requests: readonly BatchRequest<T>[];
  /** By hash. Empty for a batch that an earlier run has sent: that run has counted its worst case. */
  readonly promised: ReadonlyMap<string, Reservation>;
}

type Answered = Extract<BatchAnswer, { result: 'answered' }>;

/**
 * Waits for a batch and adds its answers to `found`. What it has no answer to is left out, to be asked by itself. A
 * batch that takes too long is left at the provider: its requests fail now, and a later run finds the answers.
 */
export async function fetchBatch<T>(sent: SentBatch<T>, found: Map<number, Completion<T>>): Promise<void> {
  const { port, plan, batches, batch, requests } = sent;
  const news = await awaitBatch(port, batches, batch.id);
  if (news.result === 'waiting' || news.result === 'failed') {
    settleUnknown(sent);
    const { reason, hint } = news;
    for (const { at } of requests)
      found.set(at, { result: 'failed', reason, hint, calls: [], cost_usd: null });
    return;
  }
  if (news.result === 'unknown') {
    settleUnknown(sent);
    const error = `${plan.name} does not know this batch, or has its answers no more`;
    await recordEnded(port.context, plan.name, batch, { error }, []);
    return;
  }
  await takeAnswers(sent, news.answers, found);
}

/** What may still be charged counts with its worst case. */
function settleUnknown({ promised }: SentBatch<unknown>): void {
  for (const one of promised.values()) one.settle(undefined);
}

async function takeAnswers<T>(
  sent: SentBatch<T>,
  answers: ReadonlyMap<string, BatchAnswer>,
  found: Map<number, Completion<T>>,
): Promise<void> {
  const { port, plan, batch, requests } = sent;
  settleEach(sent, answers);
  const calls: LlmCall[] = [];
  for (const [hash, same] of byHash(requests)) {
    const answer = answers.get(hash);
    if (answer?.result !== 'answered') continue;
    // The same question twice was asked once, and is paid once.
    for (const [n, one] of same.entries()) {
      const { call, completion } = judge(sent, one, answer);
      if (n === 0) calls.push(call);
      const id = calls.at(-1)?.llm_call_id ?? '';
      found.set(one.at, { ...completion, calls: [id], cost_usd: n === 0 ? completion.cost_usd : 0 });
    }
  }
  await recordEnded(port.context, plan.name, batch, countOf(batch, answers), calls);
  for (const call of calls) port.onCall?.(call);
}

function settleEach(sent: SentBatch<unknown>, answers: ReadonlyMap<string, BatchAnswer>): void {
  for (const [hash, reservation] of sent.promised) {
    const cost = costIn(sent, answers.get(hash));
    reservation.settle(cost === null ? undefined : nanoUsd.up(cost));
  }
}

/** USD. Providers charge nothing for what they did not begin; of what is missing nobody knows. */
function costIn({ port, plan, batch }: SentBatch<unknown>, answer: BatchAnswer | undefined): number | null {
  if (answer === undefined) return null;
  if (answer.result !== 'answered' && answer.result !== 'fault') return 0;
  return chargeOf(answer, plan, port.prices, new Date(batch.submittedAt), true).costUsd;
}

function byHash<T>(requests: readonly BatchRequest<T>[]): Map<string, BatchRequest<T>[]> {
  const groups = new Map<string, BatchRequest<T>[]>();
  for (const one of requests) groups.set(one.hash, [...(groups.get(one.hash) ?? []), one]);
  return groups;
}

function judge<T>(
  { port, plan, batch }: SentBatch<T>,
  { request, question }: BatchRequest<T>,
  answer: Answered,
): { call: LlmCall; completion: Completion<T> } {
  const { clock, warnings } = port.context.workspace;
  const sentAt = new Date(batch.submittedAt);
  const charge = chargeOf(answer, plan, port.prices, sentAt, true);
  if (charge.unpriced !== undefined)
    warnings.push(`no price is known for ${charge.unpriced}, which answered for ${plan.model}`);
  const verdict = judgeAnswer(request, answer, question.maxOutputTokens);
  const latencyMs = Math.max(0, clock.now().getTime() - sentAt.getTime());
  const call = describeCall(clock.now(), request, plan, {
    answer,
    charge,
    attempts: 1,
    latencyMs,
    batch: true,
    outcome: verdict.result,
    error: verdict.result === 'ok' ? undefined : verdict.reason,
  });
  return { call, completion: { ...verdict, calls: [], cost_usd: charge.costUsd } };
}

function countOf({ hashes }: OpenBatch, answers: ReadonlyMap<string, BatchAnswer>): BatchEnd {
  const counts = { succeeded: 0, errored: 0, canceled: 0, expired: 0 };
  for (const hash of hashes) {
    const result = answers.get(hash)?.result;
    if (result === 'answered') counts.succeeded += 1;
    else if (result === 'canceled' || result === 'expired') counts[result] += 1;
    else counts.errored += 1;
  }
  return counts;
}
