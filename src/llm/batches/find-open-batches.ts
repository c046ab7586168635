import type { LlmBatch } from '../../contracts/llm-batch.ts';
import { readEntries } from '../../ledger/read-entries.ts';
import type { Workspace } from '../../ledger/workspace.ts';

/** A batch that was sent and whose end is not on record. */
export interface OpenBatch {
  /** As the provider names it. */
  readonly id: string;
  readonly hashes: readonly string[];
  readonly purpose: string;
  readonly submittedAt: string;
}

/** Batches of a provider that hold the answer to any of these requests, the newest first. */
export async function findOpenBatches(
  { log }: Workspace,
  provider: string,
  hashes: ReadonlySet<string>,
): Promise<OpenBatch[]> {
  const { snapshot } = await log.tip();
  const records = (await readEntries<LlmBatch>(snapshot, 'llm_batch')).filter(
    (one) => one.provider === provider,
  );
  const ended = new Set(
    records.filter(({ state }) => state === 'ended').map(({ provider_batch_id: id }) => id),
  );
  return records
    .filter(({ state, provider_batch_id: id }) => state === 'submitted' && !ended.has(id))
    .filter(({ request_hashes: asked }) => asked.some((hash) => hashes.has(hash)))
    .map(({ provider_batch_id: id, request_hashes, purpose, at }) => ({
      id,
      hashes: request_hashes,
      purpose,
      submittedAt: at,
    }))
    .toReversed();
}
