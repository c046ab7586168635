import { join } from 'node:path';
import type { Octokit } from '@octokit/rest';
import type { z } from 'zod';
import type { Clock } from '../../../contracts/clock.ts';
import { hasCode, MillwrightError } from '../../../contracts/millwright-error.ts';
import type { GithubClient, GithubGraphql, GithubList, GithubQuestion } from './github-client.ts';
import { githubFailure } from './github-failure.ts';
import type { GithubRepository } from './github-repository.ts';
import type { GithubToken } from './github-token.ts';
import { isLoopbackHost } from './is-loopback-host.ts';
import { openOctokit } from './open-octokit.ts';
import { openSession, type Session } from './open-session.ts';
import { readGraphql } from './read-graphql.ts';
import { readList } from './read-list.ts';
import { readShape } from './read-shape.ts';

export interface GithubClientOptions {
  readonly repository: GithubRepository;
  readonly token: GithubToken;
  readonly clock: Clock;
  /** A folder for projections (`workspace.cache`), shared by the processes of this machine. */
  readonly cache: string;
  /** Requests an hour (`settings.github.requests_per_hour`). */
  readonly budget: number;
  /** What a person may want to know and what stops nothing: waits. */
  readonly log?: (words: string) => void;
  /** Called once, with `owner/name`, when GitHub says that the repository has another name now. */
  readonly onMoved?: (name: string) => void;
  /** How long one attempt may take, milliseconds. Default 30,000. */
  readonly timeLimitMs?: number;
  /** Keep the distances between writes that GitHub asks for. Default: unless the API is on this machine. */
  readonly paced?: boolean;
}

/** A client for one repository. Nothing is loaded and nothing asked before the first question. */
export function openGithubClient(options: GithubClientOptions): GithubClient {
  const session = openSession({ ...options, folder: join(options.cache, 'github') });
  const octokit = lazily(() => loadOctokit(options, session));
  const client: GithubClient = {
    get repository() {
      return session.repository();
    },
    request: async (question) => {
      const { data } = await ask(options, session, octokit, question);
      return readShape(question.shape, data === '' ? undefined : data, traits(question));
    },
    find: (question) => client.request(question).catch(undefinedIfMissing),
    list: (question) => list(question, (page) => ask(options, session, octokit, page)),
    graphql: (question) => graphql(options, session, octokit, question),
    meter: () => session.meter(),
    seen: () => session.seen(),
  };
  return client;
}

/** What is read here was written down for this version of the API. */
const version = { 'x-github-api-version': '2022-11-28' };

type Loader = () => Promise<Octokit>;

function lazily<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined;
  return () => {
    loaded ??= load();
    return loaded;
  };
}

function loadOctokit({ repository, token, clock, log, paced }: GithubClientOptions, session: Session) {
  const { apiUrl } = repository;
  return openOctokit({
    apiUrl,
    token: token.reveal(),
    clock,
    fetch: session.fetch,
    paced: paced ?? !isLoopbackHost(new URL(apiUrl).hostname),
    onLimit: session.pause,
    log: log ?? (() => undefined),
  });
}

/** Everything but a POST may be sent twice: a second DELETE finds nothing, a second PUT or PATCH says the same. */
function traits({ route, action, repeatable }: GithubQuestion<z.ZodType>) {
  return { action, repeatable: repeatable ?? !route.startsWith('POST ') };
}

async function ask(
  { token, clock }: GithubClientOptions,
  session: Session,
  octokit: Loader,
  question: GithubQuestion<z.ZodType>,
): Promise<{ readonly data: unknown; readonly link: string | undefined }> {
  const { route, parameters, feature } = question;
  const { action, repeatable } = traits(question);
  const repository = session.repository();
  try {
    const values = { owner: repository.owner, repo: repository.name, ...parameters };
    assertPlain(route, values);
    const { request } = await octokit();
    const { data, headers } = await request(route, { ...values, headers: version, request: { repeatable } });
    return { data, link: headers.link };
  } catch (error) {
    throw githubFailure(error, { action, feature, repository, token, repeatable, now: clock.now() });
  }
}

/** An empty name, "." or ".." would ask for something else than the route says. */
function assertPlain(route: string, values: Readonly<Record<string, unknown>>): void {
  for (const [, name = ''] of route.matchAll(/\{\+?(\w+)\}/g)) {
    const value = String(values[name] ?? '');
    if (value === '' || value.split('/').some((part) => part === '.' || part === '..'))
      throw new MillwrightError(
        'github-unsafe-address',
        `${name} of ${route} cannot be ${JSON.stringify(value)}`,
        {
          hint: 'report it: no input should reach this',
        },
      );
  }
}

function undefinedIfMissing(error: unknown): undefined {
  if (hasCode(error, 'github-not-found')) return undefined;
  throw error;
}

function list<Schema extends z.ZodType>(
  question: GithubList<Schema>,
  readPage: (page: GithubQuestion<z.ZodType>) => Promise<{ data: unknown; link: string | undefined }>,
): Promise<z.infer<Schema>[]> {
  return readList(question, (place) =>
    readPage({
      ...question,
      parameters: { per_page: question.perPage ?? 100, ...question.parameters, ...place },
    }),
  );
}

async function graphql<Schema extends z.ZodType>(
  { token, clock }: GithubClientOptions,
  session: Session,
  octokit: Loader,
  question: GithubGraphql<Schema>,
): Promise<z.infer<Schema>> {
  const { query, variables, shape, action, feature, repeatable = false } = question;
  const repository = session.repository();
  const failed = { action, feature, repository, token, repeatable, now: clock.now() };
  try {
    const { request } = await octokit();
    // Beside the REST API on an Enterprise Server: /api/graphql.
    const baseUrl = repository.apiUrl.replace(/\/v3$/, '');
    const { data } = await request('POST /graphql', {
      baseUrl,
      query,
      variables,
      headers: version,
      request: { repeatable },
    });
    return readShape(shape, readGraphql(data, failed), { action, repeatable });
  } catch (error) {
    throw githubFailure(error, failed);
  }
}
