import { type Answer, refused } from './answer.ts';
import type { World } from './world.ts';

export interface RateLimits {
  /** The refusal when the hour is used up. */
  refusal(token: string): Answer | undefined;
  count(token: string): void;
  headers(token: string): Record<string, string>;
  numbers(token: string): { limit: number; used: number; remaining: number; reset: number };
}

interface Window {
  used: number;
  /** Seconds since 1970. */
  reset: number;
}

const HOUR = 3600;

/** The primary limit of each token: a window of an hour from its first request. */
export function rateLimits(world: World): RateLimits {
  const limit = world.options.rateLimit ?? 5_000;
  const windows = new Map<string, Window>();
  const windowOf = (token: string): Window => {
    const now = Math.floor(world.now().getTime() / 1000);
    const found = windows.get(token);
    if (found !== undefined && found.reset > now) return found;
    const fresh = { used: 0, reset: now + HOUR };
    windows.set(token, fresh);
    return fresh;
  };
  const numbers = (token: string) => {
    const { used, reset } = windowOf(token);
    return { limit, used: Math.min(used, limit), remaining: Math.max(limit - used, 0), reset };
  };
  return {
    refusal: (token) =>
      windowOf(token).used < limit ? undefined : refused(403, 'API rate limit exceeded for user ID 4242.'),
    count: (token) => {
      windowOf(token).used += 1;
    },
    headers: (token) => headersOf(numbers(token)),
    numbers,
  };
}

function headersOf(numbers: ReturnType<RateLimits['numbers']>): Record<string, string> {
  return {
    'x-ratelimit-limit': String(numbers.limit),
    'x-ratelimit-remaining': String(numbers.remaining),
    'x-ratelimit-reset': String(numbers.reset),
    'x-ratelimit-resource': 'core',
    'x-ratelimit-used': String(numbers.used),
  };
}
