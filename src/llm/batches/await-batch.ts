import { MillwrightError } from '../../contracts/millwright-error.ts';
import type { BatchAdapter, BatchAnswer } from '../adapters/adapter.ts';
import type { Port } from '../port.ts';

/** `waiting`: nothing is wrong, it only takes longer than anybody waits. */
export type BatchNews =
  | { readonly result: 'done'; readonly answers: ReadonlyMap<string, BatchAnswer> }
  | { readonly result: 'unknown' }
  | { readonly result: 'waiting'; readonly reason: string; readonly hint: string }
  | { readonly result: 'failed'; readonly reason: string; readonly hint: string };

const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 120_000;

/** Asks for the answers of a batch again and again, for so long; with 0 just once. */
export async function awaitBatch(
  { context, signal }: Pick<Port, 'context' | 'signal'>,
  batches: BatchAdapter,
  id: string,
  waitMs: number,
): Promise<BatchNews> {
  const { clock } = context.workspace;
  const until = clock.monotonicMs() + waitMs;
  let pause = FIRST_WAIT_MS;
  for (;;) {
    const news = await look(batches, id);
    if (news.result !== 'waiting') return news;
    const left = until - clock.monotonicMs();
    if (left <= 0 || signal.aborted) return news;
    await clock.sleep(Math.min(pause, left), signal);
    if (isStopped(signal)) return news;
    pause = Math.min(LONGEST_WAIT_MS, pause * 1.5);
  }
}

async function look(batches: BatchAdapter, id: string): Promise<BatchNews> {
  try {
    const answers = await batches.answers(id);
    if (answers === 'unknown') return { result: 'unknown' };
    return answers === undefined ? underWay(id) : { result: 'done', answers };
  } catch (error) {
    if (!(error instanceof MillwrightError)) throw error;
    const { message: reason, hint = 'the next run asks again' } = error;
    return { result: error.retry === 'back-off' ? 'waiting' : 'failed', reason, hint };
  }
}

function underWay(id: string): BatchNews {
  const hint = 'the next run fetches the answers; llm.batch_wait_minutes says how long a run waits';
  return { result: 'waiting', reason: `it was sent in the batch ${id}, which is still under way`, hint };
}

/** Asked anew: an AbortSignal changes while others wait. */
function isStopped(signal: AbortSignal): boolean {
  return signal.aborted;
}
