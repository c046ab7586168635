import { existsSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { gitFolder } from '../support/git-folder.ts';
import { jsonOf, runCliIn } from './run-cli-in.ts';

const LOOP = '.github/workflows/loop.yml';

describe('init --github', () => {
  test('tells what it laid and what is left to a person, and shows what it left alone.', async () => {
    await using folder = await gitFolder({ 'README.md': 'x\n' });
    await folder.git('remote', 'add', 'origin', 'https://github.com/mill/works.git');
    const first = await runCliIn(folder.dir, ['init', '--github']);
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.out).toContain('one commit on main');
    expect(first.out).toContain('left to you, where it is not done yet:\n- push main: nothing was pushed\n');
    expect(first.out).toContain('https://github.com/mill/works/settings/rules');
    await appendFile(join(folder.dir, LOOP), '# mine\n');
    await folder.git('commit', '-qam', 'Edit');
    const again = await runCliIn(folder.dir, ['init', '--github']);
    expect(again.out).toContain(`left ${LOOP} alone: it was edited`);
    expect(again.out).toContain('\n-# mine\n');
    expect(jsonOf(await runCliIn(folder.dir, ['init', '--github', '--json']))).toMatchObject({
      commit: null,
      edited: [{ path: LOOP, diff: expect.stringContaining('-# mine') }],
      steps: expect.arrayContaining([
        { what: expect.any(String), where: expect.stringContaining('/settings/pages') },
      ]),
    });
  });

  test('names what stands in the place of a workflow, and what is missing because of it, each time.', async () => {
    await using folder = await gitFolder({ [LOOP]: 'name: Theirs\n', 'millwright.yaml': '' });
    const words = `left ${LOOP} alone: it is somebody else's and stands in the way, so the loop does not turn by itself\n`;
    const first = await runCliIn(folder.dir, ['init', '--github']);
    expect(first.out).toContain(words);
    expect(first.out).not.toMatch(/\b1 files/);
    const again = await runCliIn(folder.dir, ['init', '--github']);
    expect(again.out).toContain(words);
    expect(again.out).not.toContain('nothing was missing');
  });

  test('is named to whoever lays a workspace into a repository of GitHub without it.', async () => {
    await using folder = await gitFolder({ 'README.md': 'x\n' });
    expect((await runCliIn(folder.dir, ['init', '--dry-run'])).out).not.toContain('--github');
    await folder.git('remote', 'add', 'origin', 'https://github.com/mill/works.git');
    expect((await runCliIn(folder.dir, ['init'])).out).toContain('hint: millwright init --github');
  });
});

describe('init --dry-run', () => {
  test('lists every file, and makes neither a repository nor a folder.', async () => {
    await using folder = await gitFolder({ 'README.md': 'x\n' });
    const answer = await runCliIn(folder.dir, ['init', '--github', '--dry-run']);
    expect(answer).toMatchObject({ code: 0, out: expect.stringContaining(`\n  ${LOOP}\n`) });
    expect(await folder.git('status', '--porcelain')).toBe('');
    expect(await folder.git('rev-list', '--count', 'HEAD')).toBe('1');
    const beside = join(folder.dir, '../fresh');
    expect(await runCliIn(join(folder.dir, '..'), ['init', 'fresh', '--dry-run'])).toMatchObject({
      code: 10,
    });
    expect(existsSync(beside)).toBe(false);
  });
});
