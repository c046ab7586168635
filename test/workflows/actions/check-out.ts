import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { outputOf } from '../../support/run-process.ts';
import type { Machine } from './machine.ts';

export interface CheckOut {
  readonly address: string;
  /** The server, for which the login holds. */
  readonly origin: string;
  readonly token: string;
  /** A branch by its short name, or a full ref, or a commit. Empty: the event's own. */
  readonly ref: string;
  readonly eventRef: string;
  readonly path: string;
  readonly depth: number;
  readonly persists: boolean;
}

/**
 * What actions/checkout 6 does: a fresh clone, the wanted commit, and the login in a file of its own under RUNNER_TEMP
 * that the repository includes by the place of its git folder.
 */
export async function checkOut(machine: Machine, wanted: CheckOut): Promise<void> {
  const dir = join(machine.workspace, wanted.path);
  if (wanted.path !== '') await rm(dir, { recursive: true, force: true });
  await mkdir(dir, { recursive: true });
  const git = (...args: string[]) => outputOf('git', args, { cwd: dir, env: machine.env });
  await git('init', '-q', '-b', 'unborn');
  await git('remote', 'add', 'origin', wanted.address);
  const login = await writeLogin(machine, wanted);
  const key = `includeIf.gitdir:${join(dir, '.git')}.path`;
  await git('config', key, login);
  const ref = wanted.ref === '' ? wanted.eventRef : wanted.ref;
  await fetchRef(git, ref, wanted.depth);
  if (wanted.persists) return;
  await git('config', '--unset', key);
  await rm(login);
}

async function fetchRef(
  git: (...args: string[]) => Promise<string>,
  ref: string,
  depth: number,
): Promise<void> {
  const isCommit = /^[0-9a-f]{40}$/.test(ref);
  const branch = isCommit || ref.startsWith('refs/pull/') ? undefined : ref.replace(/^refs\/heads\//, '');
  const wanted = branch === undefined ? ref : `+refs/heads/${branch}:refs/remotes/origin/${branch}`;
  const all = depth === 0 ? ['+refs/heads/*:refs/remotes/origin/*'] : [`--depth=${depth}`];
  await git('fetch', '-q', '--no-tags', ...all.filter((word) => word.startsWith('--')), 'origin', wanted);
  if (depth === 0) await git('fetch', '-q', '--no-tags', 'origin', ...all);
  if (branch === undefined) {
    await git('fetch', '-q', '--no-tags', 'origin', ref);
    await git('checkout', '-q', '--detach', 'FETCH_HEAD');
  } else await git('checkout', '-q', '-B', branch, `refs/remotes/origin/${branch}`);
}

async function writeLogin(machine: Machine, { origin, token }: CheckOut): Promise<string> {
  const file = join(machine.temp, `git-credentials-${randomUUID()}.config`);
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
  await writeFile(file, `[http "${origin}/"]\n\textraheader = AUTHORIZATION: Basic ${basic}\n`);
  return file;
}
