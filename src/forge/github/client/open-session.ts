import { join } from 'node:path';
import type { Clock } from '../../../contracts/clock.ts';
import { answerCache } from './answer-cache.ts';
import type { GithubMeter, GithubSeen } from './github-client.ts';
import type { GithubRepository } from './github-repository.ts';
import type { GithubToken } from './github-token.ts';
import { type GuardOptions, guardedFetch } from './guarded-fetch.ts';
import { learnNewName } from './learn-new-name.ts';
import { requestBudget } from './request-budget.ts';
import { requestCount } from './request-count.ts';
import type { RawAnswer, RawQuestion } from './timed-fetch.ts';

export interface SessionOptions {
  readonly repository: GithubRepository;
  readonly token: GithubToken;
  readonly clock: Clock;
  /** Where the count of requests and the kept answers lie. */
  readonly folder: string;
  readonly budget: number;
  readonly onMoved?: (name: string) => void;
  readonly timeLimitMs?: number;
}

/** What the requests of one client share: the budget, the kept answers, the present name of the repository. */
export interface Session {
  /** For Octokit: one attempt. */
  readonly fetch: typeof globalThis.fetch;
  repository(): GithubRepository;
  pause(seconds: number): void;
  meter(): Promise<GithubMeter>;
  seen(): GithubSeen;
}

const TIME_LIMIT_MS = 30_000;

export function openSession(options: SessionOptions): Session {
  const { clock, folder, token, onMoved } = options;
  const budget = requestBudget(requestCount(join(folder, 'requests.json'), clock), clock, options.budget);
  let { repository } = options;
  let seen: GithubSeen = { requests: 0, counted: 0 };
  let moving: Promise<void> | undefined;
  const guard: GuardOptions = {
    apiUrl: repository.apiUrl,
    cache: answerCache(join(folder, 'answers'), token.reveal()),
    budget,
    timeLimitMs: options.timeLimitMs ?? TIME_LIMIT_MS,
    onAnswer: (answer) => {
      seen = seenAfter(seen, answer);
    },
    // Asked once, however many questions are led elsewhere at the same time.
    onRedirect: (location, question) => {
      moving ??= move(location, question);
      return moving;
    },
  };
  const move = async (location: URL, question: RawQuestion) => {
    const ask = { method: 'GET', headers: question.headers, body: undefined };
    const still = { ...guard, onRedirect: async () => undefined };
    const now = await learnNewName(repository, location, (address) => guardedFetch(still, address, ask));
    if (now === undefined) return;
    repository = now;
    onMoved?.(`${now.owner}/${now.name}`);
  };
  return {
    fetch: async (input, init) => asResponse(await guardedFetch(guard, String(input), rawQuestion(init))),
    repository: () => repository,
    pause: (seconds) => budget.pause(seconds),
    meter: () => budget.meter(),
    seen: () => seen,
  };
}

function rawQuestion({ method = 'GET', headers, body }: RequestInit = {}): RawQuestion {
  const entries = Object.fromEntries(new Headers(headers));
  return { method, headers: entries, body: typeof body === 'string' ? body : undefined };
}

function asResponse({ status, headers, text }: RawAnswer): Response {
  const empty = [204, 205, 304].includes(status);
  return new Response(empty ? null : text, { status, headers });
}

function seenAfter(seen: GithubSeen, { status, headers }: RawAnswer): GithubSeen {
  const scopes = headers['x-oauth-scopes'];
  const expires = headers['github-authentication-token-expiration'];
  const version = headers['x-github-enterprise-version'];
  return {
    ...seen,
    ...(scopes !== undefined && {
      scopes: scopes
        .split(',')
        .map((scope) => scope.trim())
        .filter(Boolean),
    }),
    ...(expires !== undefined && { tokenExpires: expires }),
    ...(version !== undefined && { serverVersion: version }),
    requests: seen.requests + 1,
    counted: seen.counted + (status === 304 ? 0 : 1),
  };
}
