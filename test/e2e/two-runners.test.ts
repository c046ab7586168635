import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { controllers } from '../../src/runner/controllers.ts';
import { runPass } from '../../src/runner/run-pass.ts';
import { bareRemote, type GitFolder, gitFolder } from '../support/git-folder.ts';
import { type BuiltTree, builtTree } from './built-tree.ts';
import { type Attempt, dropContracts, runAndKill, type Shift, type Work, workByHand } from './crew.ts';
import { endState } from './end-state.ts';
import { freshWorkspace, inWorkspace } from './prepared-workspace.ts';
import { chooseSeed, seededRandom } from './seeded-random.ts';

const seconds = Number(process.env.MILLWRIGHT_CHAOS_SECONDS ?? 10);
const runnerChild = 'test/e2e/fixtures/runner-child.ts';
const limit = (seconds + 60) * 1_000;

let built: BuiltTree;
beforeAll(async () => {
  built = await builtTree(runnerChild);
});
afterAll(() => built[Symbol.asyncDispose]());

describe('two runners and a person', () => {
  test(
    'in one checkout: every contract is recorded once, every edit is kept, the checkout is clean.',
    async () => {
      await using folder = await sharedWorkspace();
      const { shift, seed } = startShift();
      const [ids, work, ...said] = await Promise.all([
        dropContracts(folder, 'drop', shift()),
        workByHand(folder, shift()),
        runAndKill(built.path(runnerChild), folder.dir, shift(), 2_500),
        runAndKill(built.path(runnerChild), folder.dir, shift(), 60_000),
      ]);
      await onePass(folder);
      const found = await whatIsThere(folder, work);
      expect({ seed, said: said.flat(), ...found }).toEqual({ seed, said: [], ...asItShouldBe(ids) });
    },
    limit,
  );

  test(
    'in two clones of one remote: the same holds, and both clones come to the same.',
    async () => {
      await using remote = await bareRemote();
      await using first = await sharedWorkspace();
      await first.git('remote', 'add', 'origin', remote.dir);
      await first.git('push', '-q', '-u', 'origin', 'main');
      await using second = await cloneOf(remote);
      const { shift, seed } = startShift();
      const [here, there, work, ...said] = await Promise.all([
        dropContracts(first, 'first', shift()),
        dropContracts(second, 'second', shift()),
        workByHand(first, shift(), share),
        runAndKill(built.path(runnerChild), first.dir, shift(), 2_500),
        runAndKill(built.path(runnerChild), second.dir, shift(), 60_000),
      ]);
      for (const clone of [first, second, first]) await onePass(clone);
      expect(await second.git('rev-parse', 'main')).toBe(await remote.git('rev-parse', 'main'));
      const wanted = { seed, said: [], ...asItShouldBe([...here, ...there]) };
      for (const clone of [first, second])
        expect({ seed, said: said.flat(), ...(await whatIsThere(clone, work)) }).toEqual(wanted);
    },
    limit,
  );
});

/** Every hand has its own numbers, all of them from the one seed that a failure prints. */
function startShift(): { shift: () => Shift; seed: number } {
  const seed = chooseSeed('MILLWRIGHT_CHAOS_SEED');
  const seeds = seededRandom(seed);
  const end = new AbortController();
  void pause(seconds * 1_000).then(() => end.abort());
  return { seed, shift: () => ({ random: seededRandom(seeds() * 2 ** 31), signal: end.signal }) };
}

async function sharedWorkspace(): Promise<GitFolder> {
  const folder = await freshWorkspace('watch:\n  poll_seconds: 1\n');
  await folder.write('notes.md', 'notes\n');
  await folder.git('add', 'notes.md');
  await folder.git('commit', '-q', '-m', 'Begin');
  return folder;
}

async function cloneOf(remote: GitFolder): Promise<GitFolder> {
  const clone = await gitFolder();
  await clone.git('remote', 'add', 'origin', remote.dir);
  await clone.git('pull', '-q', 'origin', 'main');
  return clone;
}

/** As people with unfinished work do it. A rebase that meets a lock halfway is given up and begun anew. */
const pullAndPush = 'git pull -q --rebase --autostash origin main && git push -q origin main';

async function share(attempt: Attempt): Promise<void> {
  const giveUp = '{ git rebase --abort 2> /dev/null; false; }';
  await attempt('-c', `alias.share=!${pullAndPush} || ${giveUp}`, 'share');
}

async function onePass(folder: GitFolder): Promise<void> {
  await inWorkspace(folder.dir, (context) => runPass(context, { controllers }));
}

async function whatIsThere(folder: GitFolder, work: Work) {
  const { state, faults } = await endState(folder.dir);
  const outcomes = (state.records.outcome ?? []).map((line) => (JSON.parse(line) as { id: string }).id);
  const lost: string[] = [];
  for (const [path, content] of work.files)
    if ((await folder.git('show', `main:${path}`)) !== content.trim()) lost.push(path);
  return { faults, lost, outcomes: outcomes.toSorted() };
}

function asItShouldBe(ids: readonly string[]) {
  return { faults: [], lost: [], outcomes: ids.toSorted() };
}
