import type { Clock } from '../../../contracts/clock.ts';
import { MillwrightError } from '../../../contracts/millwright-error.ts';
import type { GithubMeter } from './github-client.ts';
import { rateLimited } from './rate-limited.ts';
import type { RequestCount } from './request-count.ts';

/** A limit that is over so soon is waited for. */
export const LONGEST_WAIT_SECONDS = 60;

export interface RequestBudget {
  /**
   * Takes one request of the hour; first waits where GitHub wants to be left alone for a short time. Throws
   * `github-budget`, `github-rate-limited`.
   */
  take(): Promise<void>;
  /** It was answered "not modified", which is free. */
  giveBack(): Promise<void>;
  /** Reads what an answer says about GitHub's own limit. */
  note(headers: Readonly<Record<string, string>>): void;
  /** GitHub wants to be left alone for so long: no request leaves before. */
  pause(seconds: number): void;
  meter(): Promise<GithubMeter>;
}

/** What GitHub's limit was when it last said so. */
interface Said {
  readonly remaining: number;
  readonly reset: Date;
}

export function requestBudget(count: RequestCount, clock: Clock, limit: number): RequestBudget {
  let said: Said | undefined;
  let quietUntil = 0;
  const now = () => clock.now().getTime();
  const lastSaid = () => (said !== undefined && said.reset.getTime() > now() ? said : undefined);
  const quietMs = () => {
    const known = lastSaid();
    return Math.max(quietUntil, known?.remaining === 0 ? known.reset.getTime() : 0) - now();
  };
  return {
    take: async () => {
      const wait = quietMs();
      if (wait > LONGEST_WAIT_SECONDS * 1_000) throw rateLimited(new Date(now() + wait));
      if (wait > 0) await clock.sleep(wait);
      const { added, nextFree } = await count.add(limit);
      if (!added) throw overBudget(limit, nextFree);
    },
    giveBack: () => count.takeBack(),
    note: (headers) => {
      said = readLimit(headers, now()) ?? said;
    },
    pause: (seconds) => {
      quietUntil = Math.max(quietUntil, now() + seconds * 1_000);
    },
    meter: async () => {
      const { used, nextFree } = await count.use();
      const own = Math.max(0, limit - used);
      const theirs = lastSaid();
      if (theirs === undefined || theirs.remaining >= own)
        return { used, limit, remaining: own, resetAt: nextFree };
      return { used, limit, remaining: theirs.remaining, resetAt: theirs.reset };
    },
  };
}

/** Times are measured with the clock of the same answer where it tells one: the local one may be wrong. */
function readLimit(headers: Readonly<Record<string, string>>, now: number): Said | undefined {
  const remaining = headers['x-ratelimit-remaining'] ?? '';
  const reset = headers['x-ratelimit-reset'] ?? '';
  if ((headers['x-ratelimit-resource'] ?? 'core') !== 'core') return undefined;
  if (!/^\d{1,9}$/.test(remaining) || !/^\d{1,12}$/.test(reset)) return undefined;
  const theirs = Date.parse(headers.date ?? '');
  const ahead = Number(reset) * 1_000 - (Number.isNaN(theirs) ? now : theirs);
  return { remaining: Number(remaining), reset: new Date(now + ahead) };
}

function overBudget(limit: number, nextFree: Date): MillwrightError {
  const at = nextFree.toISOString();
  return new MillwrightError('github-budget', `all ${limit} requests of this hour are spent; more at ${at}`, {
    hint: 'github.requests_per_hour in millwright.yaml is the budget; what waits goes on with the next pass',
    retry: 'back-off',
    data: { limit, retry_at: at },
  });
}
