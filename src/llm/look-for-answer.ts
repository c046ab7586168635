import { toBatchRequest } from './batches/batch-request.ts';
import { lookInBatches } from './batches/look-in-batches.ts';
import type { Completion, LlmRequest } from './llm.ts';
import type { ReadyTier } from './plan-tier.ts';
import type { Port } from './port.ts';

/**
 * What a batch that was sent before says about a request, without waiting for it; undefined when none holds it. A
 * question that waits at a provider is paid for, and not asked again.
 */
export async function lookForAnswer<T>(
  port: Port,
  plan: ReadyTier,
  request: LlmRequest<T>,
): Promise<Completion<T> | undefined> {
  if ((request.tools ?? []).length > 0) return undefined;
  const { batches } = await port.adapterOf(plan);
  if (batches === undefined) return undefined;
  const found = new Map<number, Completion<T>>();
  await lookInBatches(port, plan, batches, [toBatchRequest(port, plan, request, 0)], { waitMs: 0 }, found);
  return found.get(0);
}
