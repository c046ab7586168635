import { startPull } from '../routes/create-pull.ts';
import { addThread } from '../thread-state.ts';
import type { World } from '../world.ts';
import { writeCommit } from '../write-commit.ts';
import { type Act, ADA } from './act.ts';

export function pushesOf(world: World, act: Act) {
  const commit = (branch: string, path: string, content: string, who: string) =>
    act(who, () => commitTo(world, branch, path, content, who));
  return {
    commitTo: (branch: string, path: string, content: string, who = ADA) =>
      commit(branch, path, content, who),
    commitToBase: (path: string, content: string) => commit(world.defaultBranch, path, content, ADA),
    forcePushBase: (path: string, content: string, back = 1) =>
      act(ADA, () => commitTo(world, world.defaultBranch, path, content, ADA, `~${back}`)),
    deleteBranch: (branch: string, who = ADA) =>
      act(who, async () => {
        await world.git.run(['update-ref', '-d', `refs/heads/${branch}`]);
      }),
    openFromFork: (
      branch: string,
      title: string,
      files: Readonly<Record<string, string>>,
      who = 'stranger',
    ) => act(who, () => openFromFork(world, branch, title, files, who)),
  };
}

async function commitTo(
  world: World,
  branch: string,
  path: string,
  content: string,
  login: string,
  back = '',
): Promise<string> {
  const ref = `refs/heads/${branch}`;
  const from = world.refs.has(ref) ? ref : `refs/heads/${world.defaultBranch}`;
  const parent = await world.git.run(['rev-parse', '--verify', `${from}${back}`]);
  const who = { login, now: world.now() };
  await writeCommit(world.git, { ref, parent, files: { [path]: content }, message: `Change ${path}`, who });
  return world.git.run(['rev-parse', ref]);
}

async function openFromFork(
  world: World,
  branch: string,
  title: string,
  files: Readonly<Record<string, string>>,
  who: string,
): Promise<number> {
  const base = world.defaultBranch;
  const number = world.threads.size + 1;
  const ref = `refs/pull/${number}/head`;
  const parent = world.refs.get(`refs/heads/${base}`) ?? '';
  await writeCommit(world.git, { ref, parent, files, message: title, who: { login: who, now: world.now() } });
  const headSha = await world.git.run(['rev-parse', ref]);
  await world.git.learn([headSha]);
  const name = world.repository.split('/')[1] ?? '';
  const pull = { ...startPull(world, branch, base, false), headRepository: `${who}/${name}`, headSha };
  return addThread(world, { title, body: null, user: who, pull }).number;
}
