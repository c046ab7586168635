import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LlmBatch } from '../../src/contracts/llm-batch.ts';
import type { LlmCall } from '../../src/contracts/llm-call.ts';
import type { Entry } from '../../src/contracts/record.ts';
import { intakeController } from '../../src/ledger/intake-controller.ts';
import { readEntries } from '../../src/ledger/read-entries.ts';
import type { OpenOptions } from '../../src/ledger/workspace.ts';
import type { Llm, LlmRequest } from '../../src/llm/llm.ts';
import { type LlmOptions, withLlm } from '../../src/llm/with-llm.ts';
import { runPass } from '../../src/runner/run-pass.ts';
import { inWorkspace } from '../e2e/prepared-workspace.ts';
import type { GitFolder } from '../support/git-folder.ts';

/** Settings for a tier that recorded replies answer, with a price of $1 for a million tokens of any sort. */
export const recordedSettings = `
llm:
  tiers: { brain: replies/echo }
  providers: { replies: { type: recorded, file: replies.jsonl } }
  prices:
    - { model: echo, effective_from: '2026-01-01T00:00:00.000Z', input: 1, output: 1, cache_write_5m: 1, cache_write_1h: 1, cache_read: 1 }
`;

/** The port in one pass over a workspace. */
export function inLlm<T>(
  folder: GitFolder,
  work: (llm: Llm, warnings: readonly string[]) => Promise<T>,
  options: LlmOptions = {},
  open: OpenOptions = {},
): Promise<T> {
  return inWorkspace(
    folder.dir,
    (context) => withLlm(context, (llm) => work(llm, context.workspace.warnings), { env: {}, ...options }),
    open,
  );
}

export function asking(content: string, more: Partial<LlmRequest> = {}): LlmRequest {
  return { tier: 'brain', purpose: 'test', system: [], messages: [{ role: 'user', content }], ...more };
}

/** What lies in the inbox, oldest first. */
export async function droppedCalls(folder: GitFolder): Promise<LlmCall[]> {
  const inbox = join(folder.dir, 'queue/inbox/llm_call');
  const names = (await readdir(inbox).catch(() => [])).filter((name) => name.endsWith('.json')).toSorted();
  const texts = await Promise.all(names.map((name) => readFile(join(inbox, name), 'utf8')));
  return texts.map((text) => JSON.parse(text) as LlmCall);
}

/** Takes the inbox in, as a pass does. */
export async function takeIn(folder: GitFolder): Promise<void> {
  await inWorkspace(folder.dir, (context) => runPass(context, { controllers: [intakeController] }));
}

export function recorded<K extends 'llm_call' | 'llm_batch'>(
  folder: GitFolder,
  kind: K,
): Promise<(Entry & (K extends 'llm_call' ? LlmCall : LlmBatch))[]> {
  return inWorkspace(folder.dir, async ({ workspace }) =>
    readEntries((await workspace.log.tip()).snapshot, kind),
  );
}
