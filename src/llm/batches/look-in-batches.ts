import type { BatchAdapter } from '../adapters/adapter.ts';
import type { Completion } from '../llm.ts';
import type { ReadyTier } from '../plan-tier.ts';
import type { Port } from '../port.ts';
import { batchAge } from './batch-age.ts';
import type { BatchRequest } from './batch-request.ts';
import { fetchBatch } from './fetch-batch.ts';
import { findOpenBatches, type OpenBatch } from './find-open-batches.ts';

/**
 * Adds to `found` what batches that were sent before say about these requests: their answers, or that they have to
 * wait. What is found nowhere may be asked anew. A batch that nobody asks about is fetched once when it must be
 * over, so that what it cost is on record.
 * @returns the requests that no batch holds
 */
export async function lookInBatches<T>(
  port: Port,
  plan: ReadyTier,
  batches: BatchAdapter,
  requests: readonly BatchRequest<T>[],
  { waitMs }: { readonly waitMs: number },
  found: Map<number, Completion<T>>,
): Promise<BatchRequest<T>[]> {
  let left = [...requests];
  for (const batch of await findOpenBatches(port.context.workspace, plan.name)) {
    const mine = left.filter(({ hash }) => batch.hashes.includes(hash) && !batch.taken.has(hash));
    const sent = { port, plan, batches, batch, promised: new Map() };
    if (mine.length > 0) await fetchBatch({ ...sent, requests: mine, waitMs }, found);
    else if (isForgotten(port, batch)) await fetchBatch({ ...sent, requests: [], waitMs: 0 }, found);
    left = left.filter((one) => !mine.includes(one));
  }
  return left;
}

/** Once a pass. */
function isForgotten({ context, seenBatches }: Port, batch: OpenBatch): boolean {
  const age = batchAge(batch, context.workspace.clock);
  if (age === 'young' || (age === 'over' && batch.fetched) || seenBatches.has(batch.id)) return false;
  seenBatches.add(batch.id);
  return true;
}
