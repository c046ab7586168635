import { derivedId } from '../../contracts/ids.ts';
import { oneLine } from '../../contracts/issue.ts';
import type { Kind } from '../../contracts/kind.ts';
import { type LlmBatch, llmBatch } from '../../contracts/llm-batch.ts';
import { type LlmCall, llmCall } from '../../contracts/llm-call.ts';
import type { Contract } from '../../contracts/record.ts';
import { maskSecrets } from '../../contracts/secrets.ts';
import type { PassContext } from '../../ledger/controller.ts';
import { recordAll } from '../../ledger/record-all.ts';
import type { OpenBatch } from './find-open-batches.ts';

/** What became of a batch, as far as it is known now. */
export interface BatchProgress
  extends Pick<LlmBatch, 'succeeded' | 'errored' | 'canceled' | 'expired' | 'error'> {
  /** Requests whose answer was taken now, or that have none. */
  readonly taken: readonly string[];
  /** Nothing is left to take, or nobody is going to. */
  readonly over: boolean;
}

/** Says in the history that a batch is under way, so that no other run sends it again. */
export async function recordSubmitted(
  context: PassContext,
  provider: string,
  batch: OpenBatch,
): Promise<void> {
  const at = new Date(batch.submittedAt);
  await record(context, `Send ${batch.hashes.length} requests as a batch`, [
    toContract(llmBatch, derivedId(at, ['submitted', provider, batch.id]), {
      ...fieldsOf(provider, batch),
      state: 'submitted',
      at: batch.submittedAt,
    }),
  ]);
}

/** Says what was taken from a batch, with the calls that it was, in one commit: its answers are counted once. */
export async function recordProgress(
  context: PassContext,
  provider: string,
  batch: OpenBatch,
  { over, taken, error, ...counts }: BatchProgress,
  calls: readonly LlmCall[],
): Promise<void> {
  const state = over ? 'ended' : 'fetched';
  const words = error === undefined ? {} : { error: oneLine(maskSecrets(error)).slice(0, 1_000) };
  const own = over ? [] : taken;
  const id = derivedId(new Date(batch.submittedAt), [state, provider, batch.id, ...own]);
  const progress = toContract(llmBatch, id, {
    ...fieldsOf(provider, batch),
    state,
    taken_hashes: taken,
    ...counts,
    ...words,
    at: context.workspace.clock.now().toISOString(),
  });
  const answers = calls.map((call) => toContract(llmCall, call.llm_call_id ?? '', call));
  await record(context, `Take ${taken.length} answers of a batch`, [progress, ...answers]);
}

function fieldsOf(provider: string, { id, hashes, purpose }: OpenBatch) {
  return { provider, provider_batch_id: id, purpose, request_hashes: hashes };
}

function toContract(kind: Kind, id: string, fields: object): Contract {
  const own = kind.idField === undefined ? {} : { [kind.idField]: id };
  return { id, kind, source: 'llm', fields: kind.fields.parse({ ...own, ...fields }) };
}

async function record(
  { workspace, index }: PassContext,
  subject: string,
  contracts: readonly Contract[],
): Promise<void> {
  await recordAll(workspace, index, { subject }, async () => ({ contracts }));
}
