import type { BatchAnswer } from '../adapters/adapter.ts';
import { nanoUsd } from '../budgets/nano-usd.ts';
import { chargeOf } from '../charge.ts';
import type { Completion } from '../llm.ts';
import { awaitBatch, type BatchNews } from './await-batch.ts';
import { batchAge } from './batch-age.ts';
import { recordProgress } from './record-batch.ts';
import type { SentBatch } from './sent-batch.ts';
import { takeAnswers } from './take-answers.ts';

/**
 * Waits for a batch and adds its answers to `found`. What it has no answer to is left out, to be asked by itself. A
 * batch that takes too long is left at the provider: its requests fail now, and a later run finds the answers.
 */
export async function fetchBatch<T>(sent: SentBatch<T>, found: Map<number, Completion<T>>): Promise<void> {
  const { port, batches, batch, waitMs } = sent;
  const news = await awaitBatch(port, batches, batch.id, waitMs);
  if (news.result === 'done') {
    settleEach(sent, news.answers);
    return takeAnswers(sent, news.answers, isOld(sent), found);
  }
  for (const one of sent.promised.values()) one.settle(undefined);
  if (news.result !== 'unknown' && !isOld(sent)) return failEach(sent, news, found);
  await giveUp(sent, news);
}

/** What may still be charged counts with its worst case; what is known replaces it. */
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

function isOld({ port, batch }: SentBatch<unknown>): boolean {
  return batchAge(batch, port.context.workspace.clock) === 'old';
}

type BadNews = Exclude<BatchNews, { result: 'done' }>;

/** Nothing is asked, so nothing is paid twice. */
function failEach<T>(
  { requests }: SentBatch<T>,
  news: Exclude<BadNews, { result: 'unknown' }>,
  found: Map<number, Completion<T>>,
): void {
  const { reason, hint } = news;
  for (const { at } of requests) found.set(at, { result: 'failed', reason, hint, calls: [], cost_usd: null });
}

async function giveUp({ port, plan, batch }: SentBatch<unknown>, news: BadNews): Promise<void> {
  const error =
    news.result === 'unknown'
      ? `${plan.name} does not know this batch, or has its answers no more`
      : `given up: ${news.reason}`;
  const taken = batch.hashes.filter((hash) => !batch.taken.has(hash));
  await recordProgress(port.context, plan.name, batch, { over: true, taken, error }, []);
}
