import type { Octokit } from '@octokit/rest';
import type { Clock } from '../../../contracts/clock.ts';
import { MillwrightError } from '../../../contracts/millwright-error.ts';
import { fullJitter } from '../../../git/backoff.ts';
import { failureFacts } from './failure-facts.ts';
import { type LimitedAnswer, limitOf } from './limit-of.ts';

const MOST_REPEATS = 3;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 8_000;

export interface AttemptOptions {
  readonly clock: Clock;
  /** GitHub wants to be left alone for so many seconds. */
  readonly onLimit: (seconds: number) => void;
}

/** What hooks of Octokit pass around: the options of one request, the same object in every attempt. */
interface Attempt {
  readonly request?: { repeatable?: boolean; retries?: number; retryCount?: number };
}

/**
 * A plugin of Octokit that looks at every single attempt, before the other two see it. It names the limits for the throttling
 * plugin, which knows only some of their words; tells the retry plugin whether this attempt may be repeated; and
 * waits on the clock of the program, so that neither plugin waits on its own.
 */
export function attempts({ clock, onLimit }: AttemptOptions) {
  const judge = (answer: LimitedAnswer, attempt: Attempt) => {
    const seconds = limitOf(answer, clock.now());
    if (seconds === undefined) return;
    onLimit(seconds);
    throw limitedAttempt(seconds, answer, attempt);
  };
  return (octokit: Pick<Octokit, 'hook'>): Record<string, never> => {
    octokit.hook.after('request', (response, options) => judge(response, options as Attempt));
    octokit.hook.error('request', async (error, options) => {
      // What our own fetch has thrown comes wrapped, and would be repeated.
      if (error.cause instanceof MillwrightError) throw error.cause;
      const { answer } = failureFacts(error);
      if (answer !== undefined) judge(answer, options as Attempt);
      await prepareRepeat(clock, error, options as Attempt);
      throw error;
    });
    return {};
  };
}

/** In the form that the throttling plugin reads. The retry plugin is told to leave it alone. */
function limitedAttempt(seconds: number, answer: LimitedAnswer, attempt: Attempt): Error {
  return Object.assign(new Error('secondary rate limit'), {
    status: 429,
    limitedSeconds: seconds,
    response: { ...answer, headers: { 'retry-after': String(seconds) } },
    request: { ...attempt, request: { ...attempt.request, retries: 0 } },
  });
}

async function prepareRepeat(clock: Clock, error: unknown, { request }: Attempt): Promise<void> {
  if (request === undefined) return;
  const { transient, unsent } = failureFacts(error);
  const repeats = transient && (unsent || request.repeatable === true) ? MOST_REPEATS : 0;
  const done = request.retryCount ?? 0;
  request.retries = repeats;
  if (done < repeats) await clock.sleep(fullJitter(done, Math.random, FIRST_WAIT_MS, LONGEST_WAIT_MS));
}
