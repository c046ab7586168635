import type { Clock } from '../contracts/clock.ts';
import type { Answer } from './adapters/adapter.ts';

export interface RetryOptions {
  /** How often is asked at most, the first time included. */
  readonly attempts: number;
  readonly clock: Clock;
  /** From 0 up to 1, such as Math.random. */
  readonly random: () => number;
  readonly signal: AbortSignal;
}

export interface RetriedAnswer {
  /** The last one. */
  readonly answer: Answer;
  /** How often was asked; 0 when somebody stopped it before. */
  readonly attempts: number;
}

const BASE_MS = 1_000;
const CAP_MS = 60_000;
/** Who wants to be left alone for longer is asked by a later pass. */
const LONGEST_WAIT_MS = 15 * 60_000;

const passing: ReadonlySet<string> = new Set(['rate', 'overloaded', 'server', 'connection', 'cut', 'time']);

/**
 * Asks until there is an answer, or a fault that asking again does not mend. Waits between two attempts with
 * full jitter, and never less than the provider wants; when that is more than 15 minutes it gives up and says
 * until when. Stops at once with the signal.
 * @param attempt asks once; `n` counts from 1. Reserve and settle what it costs in here.
 */
export async function retryAnswers(
  attempt: (n: number) => Promise<Answer>,
  options: RetryOptions,
): Promise<RetriedAnswer> {
  const { attempts, clock, signal } = options;
  if (signal.aborted) return { answer: notAsked, attempts: 0 };
  for (let n = 1; ; n += 1) {
    const answer = await attempt(n);
    if (answer.result !== 'fault' || !passing.has(answer.fault)) return { answer, attempts: n };
    if (tooLong(answer)) return { answer: withTheTime(answer, clock), attempts: n };
    if (n >= attempts || signal.aborted) return { answer, attempts: n };
    await clock.sleep(waitMs(n, answer, options), signal);
    // Without a check: an AbortSignal changes while others wait.
    if (isStopped(signal)) return { answer, attempts: n };
  }
}

type Fault = Extract<Answer, { result: 'fault' }>;

const notAsked: Answer = {
  result: 'fault',
  fault: 'time',
  message: 'stopped before anything was asked',
  spent: 'nothing',
};

function tooLong({ retryAfterMs = 0 }: Fault): boolean {
  return retryAfterMs > LONGEST_WAIT_MS;
}

function withTheTime(answer: Fault, clock: Clock): Fault {
  const until = new Date(clock.now().getTime() + (answer.retryAfterMs ?? 0)).toISOString();
  return { ...answer, message: `${answer.message}; it wants to be left alone until ${until}` };
}

/** Full jitter, so that many who were refused together do not come back together. */
function waitMs(n: number, { retryAfterMs }: Fault, { random }: RetryOptions): number {
  if (retryAfterMs !== undefined) return retryAfterMs + random() * BASE_MS;
  return random() * Math.min(CAP_MS, BASE_MS * 2 ** (n - 1));
}

function isStopped(signal: AbortSignal): boolean {
  return signal.aborted;
}
