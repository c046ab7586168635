import { faultPoint } from '../../contracts/fault-point.ts';
import { MillwrightError } from '../../contracts/millwright-error.ts';
import type { BatchAdapter } from '../adapters/adapter.ts';
import type { Reservation } from '../budgets/budget.ts';
import type { Completion } from '../llm.ts';
import type { ReadyTier } from '../plan-tier.ts';
import type { Asked, Port } from '../port.ts';
import { type BatchRequest, reserveInBatch } from './batch-request.ts';
import { recordSubmitted } from './record-batch.ts';
import type { SentBatch } from './sent-batch.ts';

/** Faults of which a provider is known to charge nothing. */
const free: ReadonlySet<unknown> = new Set(['rate', 'overloaded', 'credentials', 'request']);

/**
 * Reserves the worst case of each request, sends what the budgets allow, and says so in the history before anybody
 * waits. A request that a budget does not allow is not asked at all.
 * @returns undefined when nothing was sent; then each is asked by itself
 */
export async function sendBatch<T>(
  port: Port,
  plan: ReadyTier,
  batches: BatchAdapter,
  requests: readonly BatchRequest<T>[],
  found: Map<number, Completion<T>>,
): Promise<Omit<SentBatch<T>, 'waitMs'> | undefined> {
  const promised = await reserveEach(port, plan, requests, found);
  const allowed = requests.filter(({ hash }) => promised.has(hash));
  const questions = new Map<string, Asked>(allowed.map(({ hash, question }) => [hash, question]));
  if (questions.size === 0) return undefined;
  const id = await submit(port, batches, questions, promised);
  if (id === undefined) return undefined;
  await faultPoint('llm-batch-sent');
  const purpose = requests[0]?.request.purpose ?? 'batch';
  const submittedAt = port.context.workspace.clock.now().toISOString();
  const sent = { id, hashes: [...questions.keys()], purpose, submittedAt };
  const batch = { ...sent, taken: new Set<string>(), fetched: false };
  await recordSubmitted(port.context, plan.name, batch);
  return { port, plan, batches, batch, requests: allowed, promised };
}

/** The same question twice is asked once. */
async function reserveEach<T>(
  port: Port,
  plan: ReadyTier,
  requests: readonly BatchRequest<T>[],
  found: Map<number, Completion<T>>,
): Promise<Map<string, Reservation>> {
  const promised = new Map<string, Reservation>();
  for (const one of requests) {
    if (promised.has(one.hash)) continue;
    const answer = await reserveInBatch(port, plan, one);
    if (answer.result === 'reserved') promised.set(one.hash, answer);
    else {
      const { reason, hint } = answer;
      found.set(one.at, { result: 'over_budget', reason, hint, calls: [], cost_usd: 0 });
    }
  }
  return promised;
}

async function submit(
  { context }: Port,
  batches: BatchAdapter,
  questions: ReadonlyMap<string, Asked>,
  promised: ReadonlyMap<string, Reservation>,
): Promise<string | undefined> {
  try {
    return await batches.submit(questions);
  } catch (error) {
    if (!(error instanceof MillwrightError)) throw error;
    // It may have arrived all the same; then it is charged, and nobody will ever fetch it.
    for (const one of promised.values()) one.settle(free.has(error.data.fault) ? 0 : undefined);
    context.workspace.warnings.push(`${error.message}; each request is asked by itself`);
    return undefined;
  }
}
