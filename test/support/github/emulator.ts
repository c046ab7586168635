import { createServer } from 'node:http';
import { listen, shutDown } from '../../llm/loopback-server.ts';
import { type RequestNote, requestHandler } from './emulator/handle-request.ts';
import type { Intercept } from './emulator/intercept.ts';
import type { EmulatorOptions } from './emulator/options.ts';
import { type People, peopleOf } from './emulator/people.ts';
import { pullThreads } from './emulator/thread-state.ts';
import { turns } from './emulator/turns.ts';
import { openWorld, type PullThread, type Thread, type World } from './emulator/world.ts';

export type { EmulatorOptions, TokenRights } from './emulator/options.ts';

export interface GithubEmulator extends AsyncDisposable {
  /** The root of the API, `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly url: string;
  /** The present name. */
  readonly repository: string;
  /** Every request so far, in order of arrival. */
  readonly requests: readonly RequestNote[];
  readonly people: People;
  /** Everything that the emulator knows, to look at. */
  readonly world: World;
  /** Asked before every request; undefined serves it. */
  intercept(ask: Intercept | undefined): void;
  /** Copies, in order of their numbers. They show what the last request or person saw. */
  pulls(): EmulatedPull[];
  issues(): EmulatedIssue[];
}

export interface EmulatedIssue extends Omit<Thread, 'pull' | 'comments'> {
  readonly comments: readonly { readonly user: string; readonly body: string }[];
}

export interface EmulatedPull extends EmulatedIssue {
  readonly head: string;
  readonly headSha: string;
  readonly headRepository: string;
  readonly base: string;
  readonly draft: boolean;
  readonly merged: boolean;
  readonly reviewers: readonly string[];
  readonly teams: readonly string[];
  readonly autoMerge: PullThread['pull']['autoMerge'];
}

/** GitHub's REST API for one repository, on loopback, over a bare repository. */
export async function githubEmulator(options: EmulatorOptions): Promise<GithubEmulator> {
  const world = await openWorld(options);
  const turn = turns();
  const requests: RequestNote[] = [];
  let ask: Intercept | undefined;
  const server = createServer(requestHandler({ world, turn, requests, intercept: (seen) => ask?.(seen) }));
  const url = await listen(server);
  return {
    url,
    get repository() {
      return world.repository;
    },
    requests,
    people: peopleOf(world, turn),
    world,
    intercept: (next) => {
      ask = next;
    },
    pulls: () => pullThreads(world).map(copyPull),
    issues: () => [...world.threads.values()].filter(({ pull }) => pull === undefined).map(copyIssue),
    [Symbol.asyncDispose]: () => shutDown(server),
  };
}

function copyIssue({ pull: _pull, ...thread }: Thread): EmulatedIssue {
  return {
    ...thread,
    labels: [...thread.labels],
    events: [...thread.events],
    comments: thread.comments.map(({ user, body }) => ({ user, body })),
  };
}

function copyPull(thread: PullThread): EmulatedPull {
  const { pull } = thread;
  return {
    ...copyIssue(thread),
    head: pull.headBranch,
    headSha: pull.headSha,
    headRepository: pull.headRepository,
    base: pull.base,
    draft: pull.draft,
    merged: pull.mergedAt !== null,
    reviewers: [...pull.reviewers],
    teams: [...pull.teams],
    autoMerge: pull.autoMerge,
  };
}
