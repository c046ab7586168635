import type Anthropic from '@anthropic-ai/sdk';
import { z } from 'zod';
import { MillwrightError } from '../../contracts/millwright-error.ts';
import type { BatchAdapter, BatchAnswer, Question } from './adapter.ts';
import { anthropicAnswer } from './anthropic-answer.ts';
import { type AnthropicOptions, openAnthropic } from './anthropic-client.ts';
import { anthropicFault, faultOfType } from './anthropic-fault.ts';
import { anthropicParams } from './anthropic-params.ts';
import { type Fault, garbage } from './fault.ts';
import { maskedMessage } from './masked-message.ts';
import { timeBox } from './time-box.ts';
import { watchedFetch } from './watched-fetch.ts';

/** The answers of a batch come as one file. */
const MOST_RESULT_BYTES = 512_000_000;

/** Batches of the provider. Every failure is a MillwrightError `llm-batch`; `data.fault` is as in an answer. */
export function anthropicBatches(options: AnthropicOptions): BatchAdapter {
  return {
    submit: (questions) => inTime(options, (client, signal) => submit(client, signal, questions)),
    answers: (id) =>
      inTime(options, (client, signal) => answers(options, client, signal, id), 'unknown' as const),
    cancel: (id) => inTime(options, (client, signal) => cancel(client, signal, id), undefined),
  };
}

/** @param unknown what it comes to when the provider does not know the batch; without it that is an error */
async function inTime<T>(
  options: AnthropicOptions,
  call: (client: Anthropic, signal: AbortSignal) => Promise<T>,
  ...unknown: [] | [T]
): Promise<T> {
  const { clock, timeLimitMs: limitMs } = options;
  const box = timeBox(clock, limitMs);
  const watched = watchedFetch(MOST_RESULT_BYTES);
  try {
    return await call(await openAnthropic(options, watched.fetch), box.signal);
  } catch (error) {
    if (unknown.length > 0 && isNotFound(error)) return unknown[0] as T;
    const scene = { box, watched, limitMs, now: clock.now(), begun: false, tell: teller(options) };
    throw batchError(options, anthropicFault(error, scene));
  } finally {
    box.close();
  }
}

const told = z.object({
  id: z.string().min(1),
  processing_status: z.enum(['in_progress', 'canceling', 'ended']),
  results_url: z.string().nullish(),
});

/** Nobody can stop it half way: a batch that was made and not written down would be made and paid twice. */
async function submit(
  client: Anthropic,
  signal: AbortSignal,
  questions: ReadonlyMap<string, Question>,
): Promise<string> {
  const requests = await Promise.all(
    [...questions].map(async ([id, question]) => ({
      custom_id: id,
      params: await anthropicParams(question),
    })),
  );
  const batch = await client.messages.batches.create({ requests }, { signal });
  return told.parse(batch).id;
}

async function answers(
  options: AnthropicOptions,
  client: Anthropic,
  signal: AbortSignal,
  id: string,
): Promise<ReadonlyMap<string, BatchAnswer> | undefined | 'unknown'> {
  const batch = told.parse(await client.messages.batches.retrieve(id, {}, { signal }));
  if (batch.processing_status !== 'ended') return undefined;
  // After some weeks the provider still knows the batch, and no longer its answers.
  if (batch.results_url == null) return 'unknown';
  // Not the address that the answer names: behind another base_url, the key would go to somebody else.
  const path = `/v1/messages/batches/${encodeURIComponent(id)}/results`;
  const { body } = await client
    .get(path, { signal, headers: { accept: 'application/x-jsonl' } })
    .asResponse();
  return body === null ? new Map() : readResults(body, teller(options));
}

async function readResults(
  body: ReadableStream<Uint8Array>,
  tell: (message: string) => string,
): Promise<ReadonlyMap<string, BatchAnswer>> {
  const found = new Map<string, BatchAnswer>();
  for await (const line of linesOf(body)) {
    const read = resultLine.safeParse(line);
    if (read.success) found.set(read.data.custom_id, answerOf(read.data.result, tell));
  }
  return found;
}

/** Rejects when the stream breaks off: what was read by then is not all. */
async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const letters = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    const lines = letters.decode(chunk, { stream: true }).split('\n');
    lines[0] = rest + (lines[0] ?? '');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  yield rest + letters.decode();
}

const resultLine = z
  .string()
  .transform((line, context): unknown => {
    try {
      return JSON.parse(line);
    } catch {
      context.addIssue('no JSON');
      return z.NEVER;
    }
  })
  .pipe(z.object({ custom_id: z.string(), result: z.looseObject({ type: z.string() }) }));

const errored = z.object({ error: z.object({ error: z.object({ type: z.string(), message: z.string() }) }) });

function answerOf(
  result: { readonly type: string; readonly [field: string]: unknown },
  tell: (message: string) => string,
): BatchAnswer {
  if (result.type === 'canceled' || result.type === 'expired') return { result: result.type };
  if (result.type === 'succeeded') return anthropicAnswer(result.message);
  const read = errored.safeParse(result);
  if (!read.success) return garbage('a result of a batch that cannot be read');
  const { type, message } = read.data.error.error;
  return faultOfType(type, tell(`${type}: ${message}`), false);
}

async function cancel(client: Anthropic, signal: AbortSignal, id: string): Promise<void> {
  await client.messages.batches.cancel(id, {}, { signal });
}

function teller({ apiKey }: AnthropicOptions): (message: string) => string {
  return (message) => maskedMessage(message, apiKey.trim());
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && 'status' in error && error.status === 404;
}

function batchError({ name = 'anthropic' }: AnthropicOptions, fault: Fault): MillwrightError {
  const again = fault.fault !== 'credentials' && fault.fault !== 'request' && fault.fault !== 'garbage';
  return new MillwrightError('llm-batch', `the batch of ${name}: ${fault.message}`, {
    hint: again
      ? 'the next pass asks again'
      : 'check the key and the base_url of the provider in millwright.yaml, and the model of the tier',
    retry: again ? 'back-off' : 'when-input-changes',
    data: { provider: name, fault: fault.fault, retry_after_ms: fault.retryAfterMs ?? null },
  });
}
