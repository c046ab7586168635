import { appendFile, chmod, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { jsonOf, runCliIn } from '../cli/run-cli-in.ts';
import type { GitFolder } from '../support/git-folder.ts';
import { busyWorkspace, freshWorkspace, outcomeText, place } from './prepared-workspace.ts';

let folder: GitFolder;
let segment: string;

beforeEach(async () => {
  folder = await freshWorkspace();
  await folder.write('notes/a.txt', 'a\n');
  await folder.write('notes/b.txt', 'b\n');
  await folder.write('notes/c.txt', 'c\n');
  await folder.git('add', '-A');
  await folder.git('commit', '-q', '-m', 'Notes');
  await place(folder.dir, 'queue/inbox/outcome/first.json', outcomeText('first'));
  await run();
  segment = await folder.git('ls-tree', '-r', '--name-only', 'main', 'state/outcome');
});
afterEach(() => folder[Symbol.asyncDispose]());

const run = () => runCliIn(folder.dir, ['run', '--json']);

const status = async () =>
  (await folder.gitCode('status', '--porcelain', '-uall')).stdout.split('\n').slice(0, -1);

/** A good and a bad contract: the next pass appends to the segment and writes two rejected files. */
async function dropTwo(): Promise<void> {
  await place(folder.dir, 'queue/inbox/outcome/second.json', outcomeText('second'));
  await place(folder.dir, 'queue/inbox/outcome/bad.json', '{');
}

async function recordedIdeas(): Promise<string[]> {
  const lines = (await folder.git('show', `main:${segment}`)).split('\n');
  return lines.map((line) => (JSON.parse(line) as { idea_id: string }).idea_id);
}

describe('a pass in a dirty checkout', () => {
  test('leaves staged, unstaged, untracked and deleted work as it is, and does not speak of it.', async () => {
    await folder.write('notes/a.txt', 'a staged\n');
    await folder.git('add', 'notes/a.txt');
    await folder.write('notes/a.txt', 'a staged, then edited\n');
    await folder.write('notes/b.txt', 'b edited\n');
    await chmod(join(folder.dir, 'notes/b.txt'), 0o755);
    await rm(join(folder.dir, 'notes/c.txt'));
    await folder.write('notes/new.txt', 'untracked\n');
    await folder.write('queue/outside-the-inbox.txt', 'untracked, among the files of the machine\n');
    await folder.write('state/outcome/scratch.txt', 'beside the segments\n');
    await folder.write('notes/added.txt', 'added\n');
    await folder.git('add', '-N', 'notes/added.txt');
    const before = {
      status: await status(),
      staged: await folder.git('diff', '--cached'),
      work: await folder.git('diff'),
    };
    await dropTwo();
    const answer = await run();
    expect(jsonOf(answer)).toMatchObject({
      accepted: { outcome: 1 },
      rejected: [{ path: 'queue/inbox/outcome/bad.json' }],
    });
    expect(answer.err).toBe('');
    expect({
      status: await status(),
      staged: await folder.git('diff', '--cached'),
      work: await folder.git('diff'),
    }).toEqual(before);
    expect(await recordedIdeas()).toEqual(['first', 'second']);
  });

  test('leaves an edited segment alone, names it, and records all the same.', async () => {
    await appendFile(join(folder.dir, segment), 'a line by hand\n');
    await dropTwo();
    const answer = await run();
    expect(answer.err).toContain(`warning: ${segment} was left alone in the checkout: you have edited it`);
    expect(await folder.read(segment)).toMatch(/"first".*\na line by hand\n$/);
    expect(await recordedIdeas()).toEqual(['first', 'second']);
    expect(await status()).toEqual([` M ${segment}`]);
  });

  test('leaves a staged change of a segment in the index and on the disk, and names it.', async () => {
    await appendFile(join(folder.dir, segment), 'a line by hand\n');
    await folder.git('add', segment);
    const staged = await folder.git('ls-files', '-s', segment);
    await dropTwo();
    expect((await run()).err).toContain(
      `warning: ${segment} was left alone in the checkout: you have staged`,
    );
    expect(await folder.git('ls-files', '-s', segment)).toBe(staged);
    expect(await folder.read(segment)).toMatch(/"first".*\na line by hand\n$/);
    expect(await recordedIdeas()).toEqual(['first', 'second']);
  });

  test('does not bring back a file that the user has deleted, and names it.', async () => {
    await rm(join(folder.dir, segment));
    await dropTwo();
    expect((await run()).err).toContain(
      `warning: ${segment} was left alone in the checkout: you have deleted it`,
    );
    expect(await folder.exists(segment)).toBe(false);
    expect(await recordedIdeas()).toEqual(['first', 'second']);
  });

  test('does not write over an untracked file that is in the way, and names it.', async () => {
    await folder.write('queue/rejected/outcome/bad.json', 'mine\n');
    await folder.write('queue/rejected/outcome/bad.error.md', 'mine as well\n');
    await dropTwo();
    const { err } = await run();
    for (const name of ['bad.json', 'bad.error.md'])
      expect(err).toContain(
        `warning: queue/rejected/outcome/${name} was left alone in the checkout: a file of yours`,
      );
    expect(await folder.read('queue/rejected/outcome/bad.json')).toBe('mine\n');
    expect(await folder.read('queue/rejected/outcome/bad.error.md')).toBe('mine as well\n');
    expect(await folder.git('show', 'main:queue/rejected/outcome/bad.json')).toBe('{');
  });

  test('writes nothing through a folder that the user has made a symlink.', async () => {
    await folder.write('../elsewhere/keep.txt', 'keep\n');
    await rm(join(folder.dir, 'queue/rejected'), { recursive: true, force: true });
    await symlink(join(folder.dir, '../elsewhere'), join(folder.dir, 'queue/rejected'));
    await dropTwo();
    expect((await run()).err).toContain('warning: queue/rejected/outcome/bad.json was left alone');
    expect(await folder.exists('../elsewhere/outcome')).toBe(false);
    expect(await recordedIdeas()).toEqual(['first', 'second']);
  });

  test('leaves what a person has committed and not pushed, or has on another branch, to that person.', async () => {
    await folder.git('switch', '-q', '-c', 'work-of-mine');
    await place(folder.dir, 'queue/inbox/outcome/later.json', outcomeText('later'));
    await folder.git('add', '-A');
    await folder.git('commit', '-q', '-m', 'A contract for later');
    await place(folder.dir, 'queue/inbox/outcome/now.json', outcomeText('now'));
    expect(jsonOf(await run())).toMatchObject({ accepted: { outcome: 1 } });
    expect(await status()).toEqual([]);
    expect(await recordedIdeas()).toEqual(['first', 'now']);
    expect(jsonOf(await run())).toMatchObject({ changed: false });
    await folder.git('switch', '-q', 'main');
    await folder.git('merge', '-q', '-m', 'Bring it in', 'work-of-mine');
    expect(jsonOf(await run())).toMatchObject({ accepted: { outcome: 1 } });
    expect(await recordedIdeas()).toEqual(['first', 'now', 'later']);
    expect(await status()).toEqual([]);
  });
});

describe('a pass while a person merges', () => {
  test('leaves the conflict to the person, whose merge then builds on what was recorded.', async () => {
    await folder.git('switch', '-q', '-c', 'other');
    await folder.write('notes/a.txt', 'a of the other\n');
    await folder.git('commit', '-q', '-a', '-m', 'Other');
    await folder.git('switch', '-q', 'main');
    await folder.write('notes/a.txt', 'a of mine\n');
    await folder.git('commit', '-q', '-a', '-m', 'Mine');
    expect((await folder.gitCode('merge', 'other')).code).toBe(1);
    await dropTwo();
    expect(jsonOf(await run())).toMatchObject({ accepted: { outcome: 1 }, failures: [] });
    expect(await status()).toEqual(['UU notes/a.txt']);
    expect(await folder.read('notes/a.txt')).toContain('<<<<<<< HEAD');
    await folder.write('notes/a.txt', 'a of both\n');
    await folder.git('add', 'notes/a.txt');
    await folder.git('commit', '-q', '-m', 'Both');
    expect(await folder.git('log', '-1', '--format=%P')).toMatch(/^[0-9a-f]{40} [0-9a-f]{40}$/);
    expect(await recordedIdeas()).toEqual(['first', 'second']);
    expect(await status()).toEqual([]);
  });
});

describe('a merge of a proposal in a dirty checkout', () => {
  test('leaves a persona that the user edits as it is, names it, and merges all the same.', async () => {
    await using busy = await busyWorkspace();
    await runCliIn(busy.dir, ['run']);
    await appendFile(join(busy.dir, 'personas/solver.yaml'), '# I am still writing.\n');
    const answer = await runCliIn(busy.dir, ['review', 'apply', 'millwright/', '--json']);
    expect(answer).toMatchObject({
      code: 0,
      err: expect.stringContaining('personas/solver.yaml was left alone'),
    });
    expect(await busy.read('personas/solver.yaml')).toMatch(/# I am still writing\.\n$/);
    expect(await busy.git('show', 'main:personas/solver.yaml')).toContain(
      'matplotlib/matplotlib: sonnet-4-5',
    );
    expect(jsonOf(await runCliIn(busy.dir, ['run', '--json']))).toMatchObject({ failures: [] });
    expect(await busy.read('personas/solver.yaml')).toMatch(/# I am still writing\.\n$/);
  });
});
