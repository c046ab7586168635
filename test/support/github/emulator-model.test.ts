import type { Octokit } from '@octokit/rest';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { gitFolder } from '../git-folder.ts';
import { type GithubEmulator, githubEmulator } from './emulator.ts';
import { octokitAt } from './octokit-at.ts';

const repo = { owner: 'mill', repo: 'works' };
const BRANCHES = ['millwright/x/1', 'millwright/x/2', 'millwright/x/3'];

/** What a person does, to one of three branches. */
type Deed = readonly ['push' | 'open' | 'merge' | 'squash' | 'close' | 'reopen' | 'delete', number];

/** What the model knows: which branches are there and have something new, and the pull requests of each. */
interface Model {
  readonly ahead: Set<string>;
  readonly pulls: {
    readonly number: number;
    readonly head: string;
    state: 'open' | 'merged' | 'closed';
    gone: boolean;
  }[];
}

const deeds: fc.Arbitrary<Deed> = fc.tuple(
  fc.constantFrom('push', 'open', 'open', 'merge', 'squash', 'close', 'reopen', 'delete'),
  fc.nat({ max: BRANCHES.length - 1 }),
);

it('has after any story of people the open pull requests of a simple model.', {
  timeout: 120_000,
}, async () => {
  const seed = Number(process.env.MILLWRIGHT_GITHUB_SEED ?? Math.floor(Math.random() * 1e9));
  const story = fc.array(deeds, { minLength: 8, maxLength: 16 });
  const told = fc.asyncProperty(story, async (acts) => {
    await using bare = await gitFolder({ 'a.txt': 'one\n' }, { bare: true });
    await using hub = await githubEmulator({ bare: bare.dir });
    const octokit = octokitAt(hub.url);
    const model: Model = { ahead: new Set(), pulls: [] };
    for (const [index, deed] of acts.entries()) await act(hub, octokit, model, deed, index);
    const open = await octokit.pulls.list({ ...repo, direction: 'asc' });
    const expected = model.pulls.filter(({ state }) => state === 'open');
    expect(open.data.map(({ number, head }) => [number, head.ref])).toEqual(
      expected.map(({ number, head }) => [number, head]),
    );
    const merged = hub.pulls().flatMap((pull) => (pull.merged ? [pull.number] : []));
    expect(merged).toEqual(model.pulls.flatMap(({ number, state }) => (state === 'merged' ? [number] : [])));
  });
  await fc.assert(told, { numRuns: 4, seed });
});

async function act(hub: GithubEmulator, octokit: Octokit, model: Model, [deed, at]: Deed, index: number) {
  const head = BRANCHES[at] ?? '';
  const open = model.pulls.find((pull) => pull.head === head && pull.state === 'open');
  if (deed === 'push') {
    await hub.people.commitTo(head, `${index}.txt`, `${index}\n`);
    model.ahead.add(head);
  } else if (deed === 'open') {
    await openIt(octokit, model, head, open !== undefined);
  } else if (deed === 'delete') {
    await hub.people.deleteBranch(head);
    model.ahead.delete(head);
    for (const pull of model.pulls.filter((known) => known.head === head)) pull.gone = true;
    if (open !== undefined) open.state = 'closed';
  } else if (deed === 'reopen') {
    await reopenLast(hub, model, head, open !== undefined);
  } else if (open !== undefined && deed === 'close') {
    await hub.people.close(open.number);
    open.state = 'closed';
  } else if (open !== undefined && (deed === 'merge' || deed === 'squash')) {
    await hub.people.merge(open.number, deed);
    open.state = 'merged';
    // A squash leaves the branch with commits that the base has not.
    if (deed === 'merge') model.ahead.delete(head);
  }
}

/** GitHub takes it when the branch has something new and no open pull request. */
async function openIt(octokit: Octokit, model: Model, head: string, isOpen: boolean): Promise<void> {
  const create = octokit.pulls.create({ ...repo, title: head, head, base: 'main' });
  const status = await create.then(
    (made) => made.status,
    (error: { status: number }) => error.status,
  );
  const isTaken = model.ahead.has(head) && !isOpen;
  expect(status).toBe(isTaken ? 201 : 422);
  if (isTaken) model.pulls.push({ number: model.pulls.length + 1, head, state: 'open', gone: false });
}

/** The newest closed one of a branch, unless the branch was deleted since or another one is open. */
async function reopenLast(hub: GithubEmulator, model: Model, head: string, isOpen: boolean): Promise<void> {
  const last = model.pulls.findLast((pull) => pull.head === head && pull.state === 'closed');
  if (last === undefined) return;
  const may = !isOpen && !last.gone;
  const done = await hub.people.reopen(last.number).then(
    () => true,
    () => false,
  );
  expect(done).toBe(may);
  if (done) last.state = 'open';
}
