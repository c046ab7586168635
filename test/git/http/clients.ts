import { type Clock, systemClock } from '../../../src/contracts/clock.ts';
import { commitBody } from '../../../src/git/commit-body.ts';
import { httpRefs } from '../../../src/git/http/http-refs.ts';
import { newObject } from '../../../src/git/object-oid.ts';
import { ObjectStore } from '../../../src/git/object-store.ts';
import type { NewObject, RefTransport, RefUpdate } from '../../../src/git/ref-transport.ts';
import { remoteRefs } from '../../../src/git/remote-refs.ts';
import { openRepository } from '../../../src/git/repository.ts';
import { treeBody } from '../../../src/git/tree.ts';
import { bareRemote, type GitFolder, gitFolder } from '../../support/git-folder.ts';
import {
  type HttpGitServer,
  type HttpGitServerOptions,
  httpGitServer,
} from '../../support/http-git-server.ts';
import { author } from '../suites/places.ts';

/** A server with one empty repository. */
export interface Hub extends AsyncDisposable {
  readonly truth: GitFolder;
  readonly server: HttpGitServer;
  readonly url: string;
  /** Method and service of every request since the last time this was asked. */
  requests(): string[];
}

export async function openHub(how: Omit<HttpGitServerOptions, 'root'> = {}): Promise<Hub> {
  const truth = await bareRemote();
  const server = await httpGitServer({ root: truth.dir.replace(/\/remote\.git$/, ''), ...how });
  let seen = 0;
  return {
    truth,
    server,
    url: `${server.url}/remote.git`,
    requests: () => {
      const fresh = server.requests.slice(seen);
      seen = server.requests.length;
      return fresh.map(({ method, url }) => `${method} ${url.replace(/^\/[^/]*\//, '')}`);
    },
    [Symbol.asyncDispose]: async () => {
      await server.stop();
      await truth[Symbol.asyncDispose]();
    },
  };
}

/** One writer with a repository of its own. */
export interface Client extends AsyncDisposable {
  readonly folder: GitFolder;
  readonly store: ObjectStore;
  readonly refs: RefTransport;
  /** What the git program was asked for instead. */
  readonly otherwise: string[];
}

export interface ClientOptions {
  readonly config?: string;
  readonly clock?: Clock;
  readonly env?: Readonly<Record<string, string>>;
}

export async function openClient(url: string, options: ClientOptions = {}): Promise<Client> {
  const folder = await gitFolder();
  await folder.git('remote', 'add', 'origin', url);
  await folder.write('.git/config', `${await folder.read('.git/config')}\n${options.config ?? ''}`);
  const repository = await openRepository(folder.dir);
  const store = new ObjectStore(repository);
  // Whatever certificates and proxies this machine has: these servers are plain, and on it.
  const env = { no_proxy: '127.0.0.1', ...options.env };
  const remote = { remote: 'origin', address: url, env };
  const otherwise: string[] = [];
  const program = remoteRefs(repository, remote);
  const refs = httpRefs({
    repository,
    store,
    remote,
    clock: options.clock ?? systemClock,
    isSmall: (ref) => ref.startsWith('refs/millwright/'),
    otherwise: {
      name: program.name,
      read: (asked) => noted('read', () => program.read(asked)),
      look: (asked) => noted('look', () => program.look(asked)),
      push: (updates, objects) => noted('push', () => program.push(updates, objects)),
    },
  });
  const noted = <T>(what: string, ask: () => Promise<T>) => {
    otherwise.push(what);
    return ask();
  };
  const close = async () => {
    store.close();
    await folder[Symbol.asyncDispose]();
  };
  return { folder, store, refs, otherwise, [Symbol.asyncDispose]: close };
}

export const slot = (id: string) => `refs/millwright/slots/${id}`;

/** An update of a cell with the objects of its commit; the same words give the same commit. */
export function swap(id: string, expected: string | null, words: string): Swap {
  const blob = newObject('blob', Buffer.from(words));
  const file = { mode: '100644', name: `${id}.json`, oid: blob.oid } as const;
  const tree = newObject('tree', treeBody([file]));
  const parents = expected === null ? [] : [expected];
  const draft = { tree: tree.oid, parents, message: words, author, at: new Date(0) };
  const commit = newObject('commit', commitBody(draft));
  return {
    update: { ref: slot(id), expected, next: commit.oid },
    objects: [blob, tree, commit],
    commit: commit.oid,
  };
}

export interface Swap {
  readonly update: RefUpdate;
  readonly objects: readonly NewObject[];
  readonly commit: string;
}

export async function push({ refs }: Client, ...swaps: readonly Swap[]) {
  return refs.push(
    swaps.map(({ update }) => update),
    swaps.flatMap(({ objects }) => objects),
  );
}
