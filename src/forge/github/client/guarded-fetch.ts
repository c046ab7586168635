import { MillwrightError } from '../../../contracts/millwright-error.ts';
import type { AnswerCache } from './answer-cache.ts';
import type { RequestBudget } from './request-budget.ts';
import { type RawAnswer, type RawQuestion, timedFetch } from './timed-fetch.ts';

export interface GuardOptions {
  /** The only place where requests, and with them the token, may go. */
  readonly apiUrl: string;
  readonly cache: AnswerCache;
  readonly budget: RequestBudget;
  readonly timeLimitMs: number;
  /** Called after an answer to a question that had to be asked elsewhere on the same host. */
  readonly onRedirect: (location: URL, question: RawQuestion) => Promise<void>;
  readonly onAnswer: (answer: RawAnswer) => void;
}

const MOST_REDIRECTS = 3;

/**
 * One attempt at one question: within the budget and the time limit, conditional where an answer is kept, never off
 * the API's own host. A redirect says that nothing was done yet, so a write follows it as it is.
 * Throws what the network said, or an error of ours.
 */
export async function guardedFetch(
  options: GuardOptions,
  address: string,
  question: RawQuestion,
): Promise<RawAnswer> {
  let url = onApi(options.apiUrl, new URL(address));
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
    const answer = await askOnce(options, url, question);
    const location = answer.headers.location ?? '';
    if (![301, 302, 307, 308].includes(answer.status) || !URL.canParse(location, url.href)) {
      if (redirects > 0) await options.onRedirect(url, question);
      return answer;
    }
    url = onApi(options.apiUrl, new URL(location, url));
  }
  throw new MillwrightError('github-bad-answer', 'GitHub sends a request from one address to the next', {
    hint: 'see whether GITHUB_API_URL is the address of GitHub',
    retry: 'back-off',
  });
}

/** Also for what paths and links lead to. */
function onApi(apiUrl: string, url: URL): URL {
  const api = new URL(apiUrl);
  // GraphQL lies beside the REST API of an Enterprise Server: /api/graphql, /api/v3.
  const root = api.pathname.replace(/\/v3$/, '').replace(/\/$/, '');
  if (url.origin === api.origin && url.pathname.startsWith(`${root}/`)) return url;
  throw new MillwrightError(
    'github-unsafe-address',
    `an answer of ${api.host} leads elsewhere, to ${url.host}; nothing was sent there`,
    {
      hint: 'see whether GITHUB_API_URL is the address of GitHub',
      data: { expected: api.host, found: url.host },
    },
  );
}

async function askOnce(options: GuardOptions, url: URL, question: RawQuestion): Promise<RawAnswer> {
  const { cache, budget, timeLimitMs } = options;
  const accept = question.headers.accept ?? '';
  const kept = question.method === 'GET' ? await cache.look(url, accept) : undefined;
  const condition = kept === undefined ? {} : { 'if-none-match': kept.etag };
  await budget.take();
  const headers = { ...question.headers, ...condition };
  const answer = await timedFetch(url, { ...question, headers }, timeLimitMs);
  budget.note(answer.headers);
  options.onAnswer(answer);
  if (answer.status === 304 && kept !== undefined) {
    await budget.giveBack();
    return { status: 200, headers: { ...answer.headers, ...kept.headers }, text: kept.text };
  }
  if (question.method === 'GET' && answer.status === 200) {
    assertWhole(answer);
    await cache.keep(url, accept, answer);
  }
  return answer;
}

/** An answer that was cut on its way, where the length did not show it: it is asked for again, and never kept. */
function assertWhole({ headers, text }: RawAnswer): void {
  if (!/^application\/(?:json|[\w.-]+\+json)\b/.test(headers['content-type'] ?? '')) return;
  try {
    JSON.parse(text);
  } catch {
    throw Object.assign(new Error('the answer is no whole JSON'), { code: 'EBADJSON' });
  }
}
