import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, rename, rm } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { hasCode } from '../../contracts/millwright-error.ts';
import { maskSecrets } from '../../contracts/secrets.ts';
import { withProcessLock } from '../../git/process-lock.ts';
import { type GitRun, git, gitText } from '../../git/program.ts';
import { remoteFailure } from '../../git/remote-failure.ts';
import type { Oid, Repository } from '../../git/repository.ts';
import type { Workspace } from '../../ledger/workspace.ts';
import { writeMirrorSettings } from './mirror-settings.ts';

/**
 * A bare repository beside the user's, that holds the tip of the base branch and nothing older. All work trees
 * of this machine share it. It can be deleted at any time.
 */
export interface Mirror {
  readonly workspace: Workspace;
  readonly repository: Repository;
  /** How git runs in it: with the environment that reaches the remote. */
  readonly run: GitRun;
  /** The remote's address without credentials, for messages. */
  readonly name: string;
  readonly address: string;
}

const INCLUDED = 'workspace-settings';

/**
 * Negotiation: when the base has moved on while an agent worked, git would otherwise send every file again.
 * Partial: the history of the workspace lies in the same tree as the code, and no work tree ever wants it.
 */
const fixedSettings = `[include]
	path = ${INCLUDED}
[gc]
	auto = 0
[maintenance]
	auto = false
[push]
	negotiate = true
[core]
	sparseCheckout = true
[remote "origin"]
	promisor = true
	partialclonefilter = blob:none
`;

/** Opens the mirror of a workspace, and makes it when there is none. */
export async function openMirror(workspace: Workspace): Promise<Mirror> {
  const dir = join(workspace.cache, 'mirror.git');
  const address = addressOf(workspace);
  if (!existsSync(dir)) await create(dir);
  await writeMirrorSettings(workspace, join(dir, INCLUDED), address);
  // Named outright: in a mirror that is broken, git would look further up and find the user's own repository.
  const env = { ...workspace.remote?.env, GIT_DIR: dir };
  return {
    workspace,
    repository: { root: dir, gitDir: dir, commonDir: dir, bare: true },
    run: { cwd: dir, env },
    name: maskSecrets(address),
    address,
  };
}

/** Without a remote, the workspace's own repository is where work comes from and goes to. */
function addressOf({ root, remote, repository }: Workspace): string {
  if (remote === undefined) return repository.commonDir;
  const { address } = remote;
  const path = resolve(root, address);
  return !isAbsolute(address) && existsSync(path) ? path : address;
}

async function create(dir: string): Promise<void> {
  const unfinished = `${dir}.${randomBytes(4).toString('hex')}`;
  await mkdir(unfinished, { recursive: true });
  try {
    await gitText(['init', '--quiet', '--bare', '--template='], { cwd: unfinished });
    await appendFile(join(unfinished, 'config'), fixedSettings);
    await rename(unfinished, dir);
  } catch (error) {
    // Another process was first.
    if (!existsSync(join(dir, 'HEAD'))) throw error;
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

/** Only one process at a time changes the mirror. A first fetch may take minutes: the others wait. */
export async function withMirror<T>(mirror: Mirror, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const { cache, clock } = mirror.workspace;
  for (;;) {
    try {
      return await withProcessLock(join(cache, 'mirror.lock'), clock, work);
    } catch (error) {
      if (!hasCode(error, 'locked') || signal.aborted) throw error;
    }
  }
}

/** What the remote says now about these branches; those that it does not have are left out. */
export async function remoteTips(mirror: Mirror, branches: readonly string[]): Promise<Map<string, Oid>> {
  const found = await mirror.workspace.refs.look(branches.map((branch) => `refs/heads/${branch}`));
  return new Map([...found].map(([ref, oid]) => [ref.slice('refs/heads/'.length), oid]));
}

/**
 * Brings the tip of a branch here, unless it is here already: one commit, and of its files those that are new.
 * @returns the tip, which may be newer than the one that was expected
 */
export async function fetchTip(mirror: Mirror, branch: string, expected: Oid): Promise<Oid> {
  const ref = `refs/remotes/origin/${branch}`;
  if ((await localTip(mirror, ref)) === expected) return expected;
  const options = [
    '--depth=1',
    '--filter=blob:none',
    '--no-tags',
    '--no-write-fetch-head',
    '--no-auto-maintenance',
  ];
  const spec = `+refs/heads/${branch}:${ref}`;
  const fetch = ['fetch', '--quiet', ...options, '--recurse-submodules=no', '--', 'origin', spec];
  const answer = await git(fetch, mirror.run);
  if (answer.code !== 0) throw remoteFailure(mirror.name, 'fetch from', answer);
  return (await localTip(mirror, ref)) ?? expected;
}

async function localTip(mirror: Mirror, ref: string): Promise<Oid | undefined> {
  const answer = await git(['rev-parse', '--verify', '--quiet', `${ref}^{commit}`], mirror.run);
  return answer.code === 0 ? answer.stdout.toString('utf8').trim() : undefined;
}
