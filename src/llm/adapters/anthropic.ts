import type { Answer, LlmAdapter, Question } from './adapter.ts';
import { anthropicBatches } from './anthropic-batches.ts';
import { type AnthropicOptions, openAnthropic } from './anthropic-client.ts';
import { anthropicFault } from './anthropic-fault.ts';
import { anthropicParams } from './anthropic-params.ts';
import { anthropicStream, type StreamReader } from './anthropic-stream.ts';
import { garbage, outOfTime } from './fault.ts';
import { maskedMessage } from './masked-message.ts';
import { timeBox } from './time-box.ts';
import { watchedFetch } from './watched-fetch.ts';

/** A stream has some hundred bytes of frame around each few letters. */
const MOST_STREAM_BYTES = 64_000_000;

/**
 * Anthropic, or any server that speaks its protocol. Answers are streamed, so that a long one is not cut by
 * something on the way that takes silence for an end.
 *
 * A question that is stopped by its signal ends as a fault `time`: what was sent may be charged, and whoever
 * stopped it knows why. The clock has to be one whose `sleep` takes its time: it ends the call.
 */
export function anthropicAdapter(options: AnthropicOptions): LlmAdapter {
  return {
    provider: options.name ?? 'anthropic',
    ask: (question) => ask(options, question),
    batches: anthropicBatches(options),
  };
}

async function ask(options: AnthropicOptions, question: Question): Promise<Answer> {
  const { clock, timeLimitMs: limitMs, apiKey } = options;
  if (question.signal.aborted) return outOfTime('stopped', limitMs, 'nothing');
  const box = timeBox(clock, limitMs, question.signal);
  const watched = watchedFetch(MOST_STREAM_BYTES);
  const reader = anthropicStream();
  try {
    const broken = await read(options, question, watched.fetch, box.signal, reader);
    if (broken !== undefined) return broken;
    const why = box.why();
    return why === undefined || reader.whole() ? ended(reader) : outOfTime(why, limitMs);
  } catch (error) {
    // Everything was said before the line was cut: it is charged, so it counts.
    if (reader.whole()) return reader.answer();
    const tell = (message: string) => maskedMessage(message, apiKey.trim());
    const scene = { box, watched, limitMs, now: clock.now(), begun: reader.begun(), tell };
    return anthropicFault(error, scene);
  } finally {
    box.close();
  }
}

/** Leaving the loop early ends the request, too. */
async function read(
  options: AnthropicOptions,
  question: Question,
  fetch: typeof globalThis.fetch,
  signal: AbortSignal,
  reader: StreamReader,
): Promise<Answer | undefined> {
  const params = await anthropicParams(question);
  const client = await openAnthropic(options, fetch);
  const events = await client.messages.create({ ...params, stream: true }, { signal });
  for await (const event of events) {
    const fault = reader.take(event);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function ended(reader: StreamReader): Answer {
  if (reader.whole()) return reader.answer();
  if (!reader.begun()) return garbage('an answer that is no stream of events');
  return { result: 'fault', fault: 'cut', message: 'the answer ended too early', spent: 'worst' };
}
