import { z } from 'zod';
import type { Clock } from '../../contracts/clock.ts';
import type { Answer, LlmAdapter, Question } from './adapter.ts';
import { connectionFault } from './connection-fault.ts';
import { type Fault, faultOfStatus, garbage, outOfTime } from './fault.ts';
import { maskedMessage } from './masked-message.ts';
import { openaiAnswer } from './openai-answer.ts';
import { type OpenaiDialect, openaiRequest } from './openai-request.ts';
import { type Posted, postJson } from './post-json.ts';
import { retryAfter } from './retry-after.ts';
import { timeBox } from './time-box.ts';

export interface OpenaiOptions {
  /** What comes before /chat/completions, such as http://127.0.0.1:11434/v1 */
  readonly baseUrl: string;
  /** Without one, none is sent. */
  readonly apiKey?: string;
  readonly timeLimitMs: number;
  readonly clock: Clock;
  /** The name of the provider in the settings. Default: openai. */
  readonly name?: string;
}

/** JSON writes some letters with six bytes. */
const MOST_BYTES = 32_000_000;

/**
 * OpenAI, or any server that speaks its chat completions. What a server refuses about the form of a question is
 * asked once more as older and newer servers want it, and remembered. Stopped by its signal, a question ends
 * as a fault `time`. The clock has to be one whose `sleep` takes its time: it ends the call.
 */
export function openaiAdapter(options: OpenaiOptions): LlmAdapter {
  let dialect: OpenaiDialect = { schema: 'field', limit: 'max_tokens' };
  return {
    provider: options.name ?? 'openai',
    ask: async (question) => {
      for (;;) {
        const used = dialect;
        const answer = await ask(options, question, used);
        const change = otherDialect(answer, used, question);
        if (change === undefined) return answer;
        dialect = { ...dialect, ...change };
      }
    },
  };
}

/** Each step goes one way only, so this ends. A refused question has cost nothing. */
function otherDialect(
  answer: Answer,
  used: OpenaiDialect,
  question: Question,
): Partial<OpenaiDialect> | undefined {
  if (answer.result !== 'fault' || answer.fault !== 'request') return undefined;
  const { message } = answer;
  if (used.limit === 'max_tokens' && /max_completion_tokens/.test(message)) {
    return { limit: 'max_completion_tokens' };
  }
  const aboutSchema = question.answerSchema !== undefined && /response_format|json_schema/.test(message);
  return used.schema === 'field' && aboutSchema ? { schema: 'words' } : undefined;
}

async function ask(options: OpenaiOptions, question: Question, dialect: OpenaiDialect): Promise<Answer> {
  const { clock, timeLimitMs: limitMs } = options;
  if (question.signal.aborted) return outOfTime('stopped', limitMs, 'nothing');
  const box = timeBox(clock, limitMs, question.signal);
  const tell = (message: string) => maskedMessage(message, options.apiKey?.trim());
  try {
    const { signal } = box;
    const body = openaiRequest(question, dialect);
    const headers = login(options);
    const posted = await postJson(address(options), body, { headers, signal, mostBytes: MOST_BYTES });
    const why = box.why();
    if (posted.result === 'broken') {
      return why === undefined ? brokenFault(posted, tell) : outOfTime(why, limitMs);
    }
    if (posted.status !== 200) return refusal(posted, clock.now(), tell);
    return openaiAnswer(posted.text, question.model);
  } catch (error) {
    // An address or a key that cannot be sent at all.
    return connectionFault(error, tell);
  } finally {
    box.close();
  }
}

function address({ baseUrl }: OpenaiOptions): URL {
  return new URL(`${baseUrl.replace(/\/+$/, '')}/chat/completions`);
}

function login({ apiKey }: OpenaiOptions): Record<string, string> {
  return apiKey === undefined ? {} : { authorization: `Bearer ${apiKey.trim()}` };
}

function brokenFault(
  { error, begun, tooLong }: Extract<Posted, { result: 'broken' }>,
  tell: (message: string) => string,
): Fault {
  if (tooLong) return garbage('an answer that is far too long');
  if (!begun) return connectionFault(error, tell);
  return { result: 'fault', fault: 'cut', message: 'the answer was cut off', spent: 'worst' };
}

function refusal(
  { status, text, headerOf }: Extract<Posted, { result: 'answered' }>,
  now: Date,
  tell: (message: string) => string,
): Fault {
  const { message, code } = errorIn(text);
  const fault = faultOfStatus(status, tell(`answered ${status}: ${message}`), retryAfter(headerOf, now));
  // The account is empty: waiting does not fill it.
  return code === 'insufficient_quota' ? { ...fault, fault: 'credentials' } : fault;
}

const errorBody = z.object({
  error: z.union([
    z.string().transform((message) => ({ message, code: '' })),
    z.object({ message: z.string(), code: z.unknown().optional() }),
  ]),
});

function errorIn(text: string): { message: string; code?: unknown } {
  try {
    return errorBody.parse(JSON.parse(text)).error;
  } catch {
    return { message: text };
  }
}
