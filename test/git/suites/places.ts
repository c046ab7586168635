import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { systemClock } from '../../../src/contracts/clock.ts';
import type { BranchAt } from '../../../src/git/branch.ts';
import type { LeftAlone } from '../../../src/git/carry.ts';
import { httpRefs } from '../../../src/git/http/http-refs.ts';
import { localRefs } from '../../../src/git/local-refs.ts';
import { type Log, openLog } from '../../../src/git/log.ts';
import { ObjectStore } from '../../../src/git/object-store.ts';
import { unlimitedPushes } from '../../../src/git/push-budget.ts';
import { pushesOfProcess } from '../../../src/git/push-history.ts';
import type { RefTransport } from '../../../src/git/ref-transport.ts';
import { remoteRefs } from '../../../src/git/remote-refs.ts';
import { openRepository, type Repository } from '../../../src/git/repository.ts';
import { bareRemote, type GitFolder, gitFolder } from '../../support/git-folder.ts';
import {
  type HttpGitServer,
  type HttpGitServerOptions,
  httpGitServer,
} from '../../support/http-git-server.ts';
import { runProcess } from '../../support/run-process.ts';
import { sshGitServer } from '../../support/ssh-git-server.ts';

// The kernel runs git with the environment of its process: nothing of this machine may get in.
Object.assign(process.env, { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' });

export const author = { name: 'Millwright', email: 'millwright@example.invalid' };

/** One writer, as a process of its own would be: own store, own log. */
export interface Writer {
  readonly folder: GitFolder;
  readonly repository: Repository;
  readonly store: ObjectStore;
  readonly refs: RefTransport;
  readonly log: Log;
  readonly leftAlone: LeftAlone[];
  readonly warnings: string[];
}

/** Where a branch lives, and how writers reach it. */
export interface Place extends AsyncDisposable {
  readonly branch: string;
  /** The repository that holds the truth. */
  readonly truth: GitFolder;
  /** For a remote, every writer has a repository of its own; for a local one, all share it. */
  writer(): Promise<Writer>;
  /** Makes the truth refuse every move of a branch or cell with these words. */
  refuseWith(words: string): Promise<void>;
}

export interface RemoteAddress {
  readonly url: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Lines for the config of a clone, such as a credential helper. */
  readonly config?: string;
  readonly stop?: () => Promise<void>;
  /** True: small refs are swapped in this process. */
  readonly inProcess?: boolean;
}

export async function openWriter(folder: GitFolder, branch: string, remote?: RemoteAddress): Promise<Writer> {
  const repository = await openRepository(folder.dir);
  const store = new ObjectStore(repository);
  const [leftAlone, warnings] = [[] as LeftAlone[], [] as string[]];
  const refs = remote === undefined ? localRefs(repository) : refsOf(repository, store, remote);
  const at: BranchAt = {
    repository,
    clock: systemClock,
    branch,
    ...(remote === undefined ? {} : { remote: refs }),
    budget: unlimitedPushes(pushesOfProcess(systemClock)),
    onLeftAlone: (left) => leftAlone.push(...left),
    onWarning: (message) => warnings.push(message),
  };
  const log = openLog({ at, store, author, attempts: 25 });
  return { folder, repository, store, refs, log, leftAlone, warnings };
}

function refsOf(repository: Repository, store: ObjectStore, address: RemoteAddress): RefTransport {
  const remote = { remote: 'origin', address: address.url, ...(address.env && { env: address.env }) };
  const otherwise = remoteRefs(repository, remote);
  const isSmall = (ref: string) => /^refs\/(?:heads\/)?millwright\//.test(ref);
  if (address.inProcess !== true) return otherwise;
  return httpRefs({ repository, store, remote, clock: systemClock, isSmall, otherwise });
}

/** A local repository whose checkout is on `main`; the log is on `branch`. */
export async function localPlace(files: Readonly<Record<string, string>>, branch = 'main'): Promise<Place> {
  const truth = await gitFolder(files);
  if (branch !== 'main' && Object.keys(files).length > 0) await truth.git('branch', branch);
  const writers: Writer[] = [];
  return {
    branch,
    truth,
    writer: async () => remember(writers, await openWriter(truth, branch)),
    refuseWith: (words) =>
      hook(truth, '.git/hooks/reference-transaction', `[ "$1" = prepared ] || exit 0\n${saying(words)}`),
    [Symbol.asyncDispose]: () => close(writers, [truth]),
  };
}

/** A bare remote that already has `files` on `main`, reached as `address` says. */
export async function remotePlace(
  files: Readonly<Record<string, string>>,
  address: (remote: GitFolder) => Promise<RemoteAddress>,
): Promise<Place> {
  const truth = await bareRemote();
  if (Object.keys(files).length > 0) {
    await using first = await gitFolder(files);
    await first.git('push', '-q', truth.dir, 'main');
  }
  const remote = await address(truth);
  const folders: GitFolder[] = [];
  const writers: Writer[] = [];
  return {
    branch: 'main',
    truth,
    writer: async () => {
      const folder = remember(folders, await cloneOf(remote));
      return remember(writers, await openWriter(folder, 'main', remote));
    },
    refuseWith: (words) => hook(truth, 'hooks/pre-receive', saying(words)),
    [Symbol.asyncDispose]: async () => {
      await close(writers, [...folders, truth]);
      await remote.stop?.();
    },
  };
}

export const byPath = async (remote: GitFolder): Promise<RemoteAddress> => ({ url: remote.dir });

/** Served over http. With a password in `how`, the clone's credential helper knows it and the URL does not. */
export function byHttp(how: Omit<HttpGitServerOptions, 'root'> = {}, seen?: (server: HttpGitServer) => void) {
  return async (remote: GitFolder): Promise<RemoteAddress> => {
    const server = await httpGitServer({ root: dirname(remote.dir), ...how });
    seen?.(server);
    const url = `${server.url}/${basename(remote.dir)}`;
    const helper = `!f() { echo username=${how.user}; echo password=${how.password}; }; f`;
    const config = how.password === undefined ? '' : `[credential]\n\thelper = "${helper}"\n`;
    return { url, config, stop: () => server.stop() };
  };
}

/** Served over http with the password as part of the URL. */
export function byHttpWithPasswordInUrl(user: string, password: string) {
  return async (remote: GitFolder): Promise<RemoteAddress> => {
    const { url, stop } = await byHttp({ user, password })(remote);
    const address = Object.assign(new URL(url), { username: user, password }).href;
    return { url: address, ...(stop && { stop }) };
  };
}

/** The same, but small refs are swapped in this process. */
export function inProcess(address: (remote: GitFolder) => Promise<RemoteAddress>) {
  return async (remote: GitFolder): Promise<RemoteAddress> => ({
    ...(await address(remote)),
    inProcess: true,
  });
}

/** Over ssh, where one connection carries many commands: setting up each takes a quarter of a second. */
export async function bySsh(remote: GitFolder): Promise<RemoteAddress> {
  const server = await sshGitServer();
  const folder = await mkdtemp(join(tmpdir(), 'millwright-ssh-'));
  const shared = `-o ControlMaster=auto -o ControlPath=${folder}/%C -o ControlPersist=20`;
  const GIT_SSH_COMMAND = `${server.env.GIT_SSH_COMMAND} ${shared}`;
  const url = server.url(remote.dir);
  const stop = async () => {
    const env = { ...remote.env, GIT_SSH_COMMAND: `${GIT_SSH_COMMAND} -O exit` };
    await runProcess('git', ['ls-remote', url], { env });
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { url, env: { GIT_SSH_COMMAND }, stop };
}

async function cloneOf(remote: RemoteAddress): Promise<GitFolder> {
  const folder = await gitFolder({}, remote.env === undefined ? {} : { env: remote.env });
  await folder.git('remote', 'add', 'origin', remote.url);
  const config = await folder.read('.git/config');
  await folder.write('.git/config', `${config}\n${remote.config ?? ''}`);
  return folder;
}

function saying(words: string): string {
  return `echo "${words}" >&2\nexit 1\n`;
}

async function hook(folder: GitFolder, path: string, body: string): Promise<void> {
  const file = join(folder.dir, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `#!/bin/sh\n${body}`);
  await chmod(file, 0o755);
}

function remember<T>(list: T[], item: T): T {
  list.push(item);
  return item;
}

async function close(writers: readonly Writer[], folders: readonly GitFolder[]): Promise<void> {
  for (const { store } of writers) store.close();
  for (const folder of folders) await folder[Symbol.asyncDispose]();
}
