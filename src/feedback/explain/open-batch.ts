import type { LlmBatch } from '../../contracts/llm-batch.ts';
import { readEntries } from '../../ledger/read-entries.ts';
import type { Workspace } from '../../ledger/workspace.ts';

/** Whether a batch of questions about findings is under way, as far as records say. */
export async function hasOpenBatch({ log, clock }: Workspace): Promise<boolean> {
  const { snapshot } = await log.tip();
  const dayAgo = new Date(clock.now().getTime() - DAY_MS).toISOString();
  const batches = (await readEntries<LlmBatch>(snapshot, 'llm_batch')).filter(
    ({ purpose }) => purpose === 'explain',
  );
  const ended = new Set(
    batches.flatMap(({ state, provider_batch_id: id }) => (state === 'ended' ? [id] : [])),
  );
  return batches.some(
    ({ state, provider_batch_id: id, at }) => state === 'submitted' && at > dayAgo && !ended.has(id),
  );
}

/** No provider works on a batch for longer. */
const DAY_MS = 86_400_000;
