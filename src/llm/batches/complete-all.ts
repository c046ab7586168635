import { MillwrightError } from '../../contracts/millwright-error.ts';
import { complete } from '../complete.ts';
import type { Completion, LlmRequest } from '../llm.ts';
import type { ReadyTier } from '../plan-tier.ts';
import type { Port } from '../port.ts';
import { type BatchRequest, toBatchRequest } from './batch-request.ts';
import { fetchBatch } from './fetch-batch.ts';
import { lookInBatches } from './look-in-batches.ts';
import { sendBatch } from './send-batch.ts';

/** A batch is one upload: of very many requests, several are made. */
const MOST_IN_BATCH = 1_000;

/** As the port says. Whatever a batch leaves without an answer, and may be asked again, is asked by itself. */
export async function completeAll<T>(
  port: Port,
  requests: readonly LlmRequest<T>[],
): Promise<Completion<T>[]> {
  const plan = planOfAll(port, requests);
  const found = plan === undefined ? new Map() : await orFailed(port, plan, requests);
  const done: Completion<T>[] = [];
  for (const [at, request] of requests.entries()) done.push(found.get(at) ?? (await complete(port, request)));
  return done;
}

/** Several requests without tools to one model make a batch. */
function planOfAll(port: Port, requests: readonly LlmRequest<unknown>[]): ReadyTier | undefined {
  const [first] = requests;
  if (first === undefined || requests.length < 2) return undefined;
  const alike = requests.every(({ tier, tools = [] }) => tier === first.tier && tools.length === 0);
  const plan = port.planOf(first.tier);
  return alike && plan.result === 'ready' ? plan : undefined;
}

/** Where the ledger or the budget is out of reach, nothing more is sent: nobody would know of it. */
async function orFailed<T>(
  port: Port,
  plan: ReadyTier,
  requests: readonly LlmRequest<T>[],
): Promise<Map<number, Completion<T>>> {
  const found = new Map<number, Completion<T>>();
  try {
    await throughBatches(port, plan, requests, found);
  } catch (error) {
    if (!(error instanceof MillwrightError)) throw error;
    const { message: reason, hint = 'run the command again' } = error;
    const failed = { result: 'failed', reason, hint, calls: [], cost_usd: null } as const;
    for (const at of requests.keys()) if (!found.has(at)) found.set(at, failed);
  }
  return found;
}

async function throughBatches<T>(
  port: Port,
  plan: ReadyTier,
  requests: readonly LlmRequest<T>[],
  found: Map<number, Completion<T>>,
): Promise<void> {
  const { batches } = await port.adapterOf(plan);
  if (batches === undefined) return;
  const open = requests.map((request, at) => toBatchRequest(port, plan, request, at));
  const waitMs = port.context.workspace.settings.llm.batch_wait_minutes * 60_000;
  for (const chunk of chunks(await lookInBatches(port, plan, batches, open, { waitMs }, found))) {
    const sent = await sendBatch(port, plan, batches, chunk, found);
    if (sent !== undefined) await fetchBatch({ ...sent, waitMs }, found);
  }
}

/** One request alone is answered sooner by itself. */
function chunks<T>(requests: readonly BatchRequest<T>[]): BatchRequest<T>[][] {
  const pieces: BatchRequest<T>[][] = [];
  for (let at = 0; at < requests.length; at += MOST_IN_BATCH)
    pieces.push(requests.slice(at, at + MOST_IN_BATCH));
  return pieces.filter(({ length }) => length > 1);
}
