import type { LlmBatch } from '../../contracts/llm-batch.ts';
import { readEntries } from '../../ledger/read-entries.ts';
import type { Workspace } from '../../ledger/workspace.ts';

/** A batch that was sent and holds answers, as far as the history knows, that nobody has taken. */
export interface OpenBatch {
  /** As the provider names it. */
  readonly id: string;
  readonly hashes: readonly string[];
  readonly purpose: string;
  readonly submittedAt: string;
  /** Requests whose answer was taken, or that have none. */
  readonly taken: ReadonlySet<string>;
  /** True when what it cost is on record. */
  readonly fetched: boolean;
}

/** The open batches of a provider, the newest first. */
export async function findOpenBatches({ log }: Workspace, provider: string): Promise<OpenBatch[]> {
  const { snapshot } = await log.tip();
  const records = await readEntries<LlmBatch>(snapshot, 'llm_batch');
  const ofProvider = records.filter((one) => one.provider === provider);
  return ofProvider
    .filter(({ state }) => state === 'submitted')
    .flatMap((sent) => stateOf(sent, ofProvider))
    .toReversed();
}

function stateOf(sent: LlmBatch, records: readonly LlmBatch[]): OpenBatch[] {
  const { provider_batch_id: id, request_hashes: hashes, purpose, at: submittedAt } = sent;
  const later = records.filter((one) => one.provider_batch_id === id && one.state !== 'submitted');
  if (later.some(({ state }) => state === 'ended')) return [];
  const taken = new Set(later.flatMap(({ taken_hashes = [] }) => taken_hashes));
  // Two runs may each have taken a half at the same time: nobody has said then that it is over.
  if (hashes.every((hash) => taken.has(hash))) return [];
  return [{ id, hashes, purpose, submittedAt, taken, fetched: later.length > 0 }];
}
