import type { LlmCall } from '../../contracts/llm-call.ts';
import type { BatchAnswer } from '../adapters/adapter.ts';
import type { Completion } from '../llm.ts';
import type { BatchRequest } from './batch-request.ts';
import type { OpenBatch } from './find-open-batches.ts';
import { type Judged, judgeInBatch } from './judge-in-batch.ts';
import { type BatchProgress, recordProgress } from './record-batch.ts';
import type { SentBatch } from './sent-batch.ts';

/**
 * Adds the answers that this run wants to `found`. The calls of all answers go on record with the first that are
 * taken, also of those that nobody wants now: they are paid. Those stay at the provider, to be taken later.
 * @param last true when nobody is going to come for the rest
 */
export async function takeAnswers<T>(
  sent: SentBatch<T>,
  answers: ReadonlyMap<string, BatchAnswer>,
  last: boolean,
  found: Map<number, Completion<T>>,
): Promise<void> {
  const { port, plan, batch, requests } = sent;
  const wanted = byHash(requests);
  const calls: LlmCall[] = [];
  for (const hash of batch.hashes) {
    const same = wanted.get(hash) ?? [];
    const judged = judgeInBatch(sent, hash, answers.get(hash), same);
    if (judged === undefined) continue;
    if (!batch.fetched) calls.push(judged.call);
    give(judged, same, found);
  }
  const progress = progressOf(batch, answers, new Set(wanted.keys()), last);
  await recordProgress(port.context, plan.name, batch, progress, calls);
  for (const call of calls) port.onCall?.(call);
}

function byHash<T>(requests: readonly BatchRequest<T>[]): Map<string, BatchRequest<T>[]> {
  const groups = new Map<string, BatchRequest<T>[]>();
  for (const one of requests) groups.set(one.hash, [...(groups.get(one.hash) ?? []), one]);
  return groups;
}

/** The same question twice was asked once, and is paid once. */
function give<T>(
  { call, completions }: Judged<T>,
  same: readonly BatchRequest<T>[],
  found: Map<number, Completion<T>>,
): void {
  for (const [n, { at }] of same.entries()) {
    const completion = completions[n];
    if (completion === undefined) continue;
    found.set(at, { ...completion, calls: [call.llm_call_id ?? ''], cost_usd: n === 0 ? call.cost_usd : 0 });
  }
}

function progressOf(
  batch: OpenBatch,
  answers: ReadonlyMap<string, BatchAnswer>,
  wanted: ReadonlySet<string>,
  last: boolean,
): BatchProgress {
  const left = batch.hashes.filter((hash) => !batch.taken.has(hash));
  const taken = left.filter((hash) => last || wanted.has(hash) || !hasAnswer(answers.get(hash)));
  return { ...countOf(batch, answers), taken, over: taken.length === left.length };
}

function hasAnswer(answer: BatchAnswer | undefined): boolean {
  return answer?.result === 'answered' || (answer?.result === 'fault' && answer.fault === 'garbage');
}

function countOf({ hashes }: OpenBatch, answers: ReadonlyMap<string, BatchAnswer>) {
  const counts = { succeeded: 0, errored: 0, canceled: 0, expired: 0 };
  for (const hash of hashes) {
    const result = answers.get(hash)?.result;
    if (result === 'answered') counts.succeeded += 1;
    else if (result === 'canceled' || result === 'expired') counts[result] += 1;
    else counts.errored += 1;
  }
  return counts;
}
