import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { installFaultHook } from '../../src/contracts/fault-point.ts';
import { hasCode } from '../../src/contracts/millwright-error.ts';
import { dropContract } from '../../src/ledger/drop.ts';
import { controllers } from '../../src/runner/controllers.ts';
import { runPass } from '../../src/runner/run-pass.ts';
import type { GitFolder } from '../support/git-folder.ts';
import { endState } from './end-state.ts';
import { copyWorkspace, freshWorkspace, inWorkspace, place } from './prepared-workspace.ts';

let prepared: GitFolder;
beforeAll(async () => {
  prepared = await freshWorkspace();
});
afterAll(() => prepared[Symbol.asyncDispose]());

/** What may happen to a workspace, in any order. Few ids and titles: many of them meet. */
type Happening =
  | { readonly what: 'drop' | 'cell'; readonly id: number; readonly title: number }
  | { readonly what: 'drop-broken' | 'pass' | 'stage' | 'commit' }
  | { readonly what: 'aborted-pass'; readonly at: number };

const contract = { id: fc.nat(2), title: fc.nat(1) };
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ what: fc.constant('drop' as const), ...contract }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('cell' as const), ...contract }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('drop-broken' as const) }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constantFrom('stage' as const, 'commit' as const) }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('pass' as const) }) },
  { weight: 3, arbitrary: fc.record({ what: fc.constant('aborted-pass' as const), at: fc.nat(24) }) },
);

/** What went in. Names are never used twice, so a rejected page says which file it is about. */
interface Inputs {
  readonly valid: { readonly name: string; readonly id: string; readonly title: string }[];
  readonly broken: string[];
}

test('whatever happens in whatever order: accepted are the valid distinct inputs, rejected are the others.', async () => {
  const runs = fc.asyncProperty(fc.array(happening, { minLength: 3, maxLength: 14 }), async (story) => {
    await using folder = await copyWorkspace(prepared);
    const inputs: Inputs = { valid: [], broken: [] };
    for (const [at, one] of story.entries()) await happen(folder, inputs, one, at);
    await pass(folder);
    // What a lock kept a person from committing is committed now.
    await byHand(folder, 'add', 'desk').catch(() => undefined);
    await byHand(folder, 'commit', '-q', '-m', 'The rest');
    await check(folder, inputs);
    expect(await pass(folder)).toMatchObject({ changed: false, failures: [] });
  });
  await fc.assert(runs, { numRuns: Number(process.env.MILLWRIGHT_STORIES ?? 25), endOnFailure: false });
}, 300_000);

async function happen(folder: GitFolder, inputs: Inputs, one: Happening, at: number): Promise<void> {
  const name = `f${at}`;
  switch (one.what) {
    case 'drop':
      await place(folder.dir, `queue/inbox/research_signal/${name}.json`, signalText(one));
      inputs.valid.push({ name, ...idAndTitle(one) });
      return;
    case 'cell':
      if (await dropAsCell(folder, one)) inputs.valid.push({ name: idAndTitle(one).id, ...idAndTitle(one) });
      return;
    case 'drop-broken':
      await place(folder.dir, `queue/inbox/research_signal/${name}.json`, `{"title": ${at}`);
      inputs.broken.push(name);
      return;
    case 'stage':
      await byHand(folder, 'add', '-A');
      return;
    case 'commit':
      await folder.write(`desk/${name}.txt`, `${name}\n`);
      await byHand(folder, 'add', '-A');
      await byHand(folder, 'commit', '-q', '-m', name);
      return;
    case 'pass':
      await pass(folder);
      return;
    case 'aborted-pass':
      await abortedPass(folder, one.at);
  }
}

/** A pass that died may have left its lock for the next pass to take away: until then git says so. */
async function byHand(folder: GitFolder, ...args: string[]): Promise<void> {
  const { code, stdout, stderr } = await folder.gitCode(...args);
  if (code !== 0 && !/index\.lock': File exists|nothing .*to commit/.test(stderr + stdout))
    throw new Error(stderr);
}

const idAndTitle = ({ id, title }: { id: number; title: number }) => ({
  id: `id-${id}`,
  title: `title ${title}`,
});

function signalText(one: { id: number; title: number }): string {
  return JSON.stringify({ ...idAndTitle(one), source: 'a scout', relevance: 'high', domain: 'tools' });
}

/** @returns false when another contract waits under that id: then nothing was taken */
async function dropAsCell(folder: GitFolder, one: { id: number; title: number }): Promise<boolean> {
  const drop = { file: 'x.json', bytes: Buffer.from(signalText(one)), kind: 'research_signal', push: true };
  try {
    await inWorkspace(folder.dir, ({ workspace }) => dropContract(workspace, drop));
    return true;
  } catch (error) {
    if (hasCode(error, 'id-taken')) return false;
    throw error;
  }
}

const pass = (folder: GitFolder) => inWorkspace(folder.dir, (context) => runPass(context, { controllers }));

class Aborted extends Error {}

/** A pass in which something throws at the n-th place where a process may die. */
async function abortedPass(folder: GitFolder, at: number): Promise<void> {
  let visits = 0;
  installFaultHook(() => {
    visits += 1;
    if (visits > at) throw new Aborted('aborted by this test');
  });
  try {
    await pass(folder);
  } catch (error) {
    if (!(error instanceof Aborted)) throw error;
  } finally {
    installFaultHook(undefined);
  }
}

async function check(folder: GitFolder, inputs: Inputs): Promise<void> {
  const { state, faults } = await endState(folder.dir);
  expect(faults).toEqual([]);
  const lines = state.records.research_signal ?? [];
  const records = lines.map((line) => JSON.parse(line) as { id: string; title: string });
  expect(new Set(records.map(({ id }) => id))).toEqual(new Set(inputs.valid.map(({ id }) => id)));
  const accepted = new Map(records.map(({ id, title }) => [id, title]));
  // Of contracts with one id the first to be taken in counts; the same content again is no other input.
  for (const { id, title } of records)
    expect(inputs.valid.some((input) => input.id === id && input.title === title)).toBe(true);
  const refused = inputs.valid.filter(({ id, title }) => accepted.get(id) !== title);
  const wanted = [...refused.map(({ name }) => name), ...inputs.broken];
  expect(await rejectedNames(folder)).toEqual(new Set(wanted));
}

async function rejectedNames(folder: GitFolder): Promise<Set<string>> {
  const names = await readdir(join(folder.dir, 'queue/rejected/research_signal')).catch(() => []);
  const pages = names.filter((name) => name.endsWith('.error.md'));
  // A second file of one name has a part of its content's id in its own.
  return new Set(pages.map((name) => name.replace(/(?:\.[0-9a-f]{8})?\.error\.md$/, '')));
}
