import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, systemClock } from '../../../../src/contracts/clock.ts';
import type { GithubClient } from '../../../../src/forge/github/client/github-client.ts';
import type { GithubToken } from '../../../../src/forge/github/client/github-token.ts';
import {
  type GithubClientOptions,
  openGithubClient,
} from '../../../../src/forge/github/client/open-client.ts';
import { type Asked, type FakeGithub, fakeGithub, type Scripted } from './fake-github.ts';

/** Of no account; it looks like a real one. */
export const secret = `ghs_${'s3cr3tT0ken'.repeat(4)}`;

export const token: GithubToken = {
  reveal: () => secret,
  variable: 'MILLWRIGHT_GITHUB_TOKEN',
  sort: 'installation',
  ofWorkflow: false,
};

export interface MovableClock extends Clock {
  /** Milliseconds, one for each wait. */
  readonly waits: number[];
  move(ms: number): void;
}

/** Waits take no time, and are over all the same. */
export function movableClock(start = Date.UTC(2026, 10, 21, 12, 0, 30)): MovableClock {
  let at = start;
  const waits: number[] = [];
  return {
    waits,
    move: (ms) => {
      at += ms;
    },
    now: () => new Date(at),
    monotonicMs: () => at,
    sleep: async (ms, signal) => {
      waits.push(ms);
      at += ms;
      await systemClock.sleep(0, signal);
    },
  };
}

export interface ClientPlace extends AsyncDisposable {
  readonly server: FakeGithub;
  readonly clock: MovableClock;
  readonly cache: string;
  readonly said: string[];
  /** A client of its own, as another process would have one. */
  open(options?: Partial<GithubClientOptions>): GithubClient;
}

/** A scripted server, and clients of it that share a folder. */
export async function clientPlace(answer: (asked: Asked, number: number) => Scripted): Promise<ClientPlace> {
  const server = await fakeGithub(answer);
  const cache = await mkdtemp(join(tmpdir(), 'millwright-github-'));
  const clock = movableClock();
  const said: string[] = [];
  const repository = { owner: 'octo', name: 'mill', apiUrl: server.url, webUrl: `${server.url}/octo/mill` };
  return {
    server,
    clock,
    cache,
    said,
    open: (options) =>
      openGithubClient({
        repository,
        token,
        clock,
        cache,
        budget: 100,
        log: (words) => said.push(words),
        ...options,
      }),
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await rm(cache, { recursive: true, force: true });
    },
  };
}
