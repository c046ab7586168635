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

export type BatchEnd = Pick<LlmBatch, 'succeeded' | 'errored' | 'canceled' | 'expired' | 'error'>;

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

/** Says that a batch has ended, with the calls that it was, in one commit: its answers are counted once. */
export async function recordEnded(
  context: PassContext,
  provider: string,
  batch: OpenBatch,
  end: BatchEnd,
  calls: readonly LlmCall[],
): Promise<void> {
  const at = context.workspace.clock.now();
  const { error, ...counts } = end;
  const words = error === undefined ? {} : { error: oneLine(maskSecrets(error)).slice(0, 1_000) };
  const ended = toContract(llmBatch, derivedId(new Date(batch.submittedAt), ['ended', provider, batch.id]), {
    ...fieldsOf(provider, batch),
    state: 'ended',
    ...counts,
    ...words,
    at: at.toISOString(),
  });
  const answers = calls.map((call) => toContract(llmCall, call.llm_call_id ?? '', call));
  await record(context, `Take ${calls.length} answers of a batch`, [ended, ...answers]);
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
