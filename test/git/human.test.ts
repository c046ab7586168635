import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { GitFolder } from '../support/git-folder.ts';
import { byPath, localPlace, remotePlace, type Writer } from './suites/places.ts';

const seconds = Number(process.env.MILLWRIGHT_HUMAN_SECONDS ?? 4);

test('a person and a log that commit to one checkout at the same time lose nothing on either side.', async () => {
  await using place = await localPlace({ 'log.txt': 'start\n' });
  const writers = [await place.writer(), await place.writer()];
  const end = Date.now() + seconds * 1_000;
  const [human, ...machine] = await Promise.all([
    commitUntil(place.truth, end),
    ...writers.map((writer, at) => transactUntil(writer, `m${at}`, end)),
  ]);
  expect(human.length).toBeGreaterThan(3);
  expect(machine.flat().length).toBeGreaterThan(3);
  await expectAll(place.truth, human, machine.flat());
  expect(await place.truth.git('status', '--porcelain')).toBe('');
  expect(writers.flatMap(({ leftAlone }) => leftAlone)).toEqual([]);
  expect(await place.truth.git('rev-list', '--merges', 'main')).toBe('');
});

test('a person who stages and edits while a remote log comes in keeps every byte.', async () => {
  await using place = await remotePlace({ 'log.txt': 'start\n', 'mine.txt': '' }, byPath);
  const [here, elsewhere] = [await place.writer(), await place.writer()];
  await here.log.tip();
  const end = Date.now() + (seconds * 1_000) / 2;
  const [edits, lines] = await Promise.all([
    editUntil(here.folder, end),
    transactUntil(elsewhere, 'm', end),
    followUntil(here, end),
  ]);
  await here.log.tip();
  expect(await here.folder.read('mine.txt')).toBe(edits.join(''));
  expect((await here.folder.read('log.txt')).trimEnd().split('\n')).toEqual(['start', ...lines]);
  const status = (await here.folder.gitCode('status', '--porcelain')).stdout;
  expect(status).toMatch(/^[M ][M ] mine\.txt\n$/);
});

/** A person at the keyboard: adds everything, commits, and tries again when git says that it is locked. */
async function commitUntil(folder: GitFolder, end: number): Promise<string[]> {
  const names: string[] = [];
  while (Date.now() < end) {
    const name = `human-${names.length}.txt`;
    await folder.write(name, `${name}\n`);
    await insist(folder, ['add', '-A']);
    await insist(folder, ['commit', '-q', '-m', `Add ${name}`]);
    names.push(name);
    await sleep(20 + Math.random() * 200);
  }
  return names;
}

async function editUntil(folder: GitFolder, end: number): Promise<string[]> {
  const edits: string[] = [];
  while (Date.now() < end) {
    edits.push(`${edits.length}\n`);
    await folder.write('mine.txt', edits.join(''));
    if (edits.length % 2 === 0) await insist(folder, ['add', 'mine.txt']);
    await sleep(10);
  }
  return edits;
}

async function insist(folder: GitFolder, args: string[]): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt += 1) {
    const { code, stderr } = await folder.gitCode(...args);
    if (code === 0) return;
    expect(stderr).toMatch(/index\.lock|cannot lock ref|unable to create|Unable to create/);
    await sleep(5 + Math.random() * 20);
  }
  throw new Error(`git ${args[0]} never had its turn`);
}

async function transactUntil({ log }: Writer, name: string, end: number): Promise<string[]> {
  const lines: string[] = [];
  while (Date.now() < end) {
    const line = `${name}-${lines.length}`;
    await log.transact({ subject: `Append ${line}` }, async () => ({
      edits: [
        { append: 'log.txt', content: `${line}\n` },
        { put: `machine/${line}.txt`, content: `${line}\n` },
        { remove: `machine/${name}-${lines.length - 3}.txt` },
      ],
      value: null,
    }));
    lines.push(line);
  }
  return lines;
}

async function followUntil({ log }: Writer, end: number): Promise<void> {
  while (Date.now() < end) await log.tip();
}

async function expectAll(
  folder: GitFolder,
  human: readonly string[],
  machine: readonly string[],
): Promise<void> {
  const lines = (await folder.git('show', 'main:log.txt')).split('\n');
  expect(lines).toHaveLength(machine.length + 1);
  expect(new Set(lines)).toEqual(new Set(['start', ...machine]));
  expect(await folder.read('log.txt')).toBe(`${lines.join('\n')}\n`);
  const tree = (await folder.git('ls-tree', '-r', '--name-only', 'main')).split('\n');
  expect(tree.filter((path) => path.startsWith('human-')).toSorted()).toEqual(human.toSorted());
  for (const name of human) expect(await folder.read(name)).toBe(`${name}\n`);
}
