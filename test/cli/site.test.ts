import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { site } from '../../src/cli/site.ts';
import { freshWorkspace } from '../e2e/prepared-workspace.ts';
import type { GitFolder } from '../support/git-folder.ts';
import { fakeIo } from './actions/fake-io.ts';

let folder: GitFolder;
beforeAll(async () => {
  folder = await freshWorkspace();
});
afterAll(() => folder[Symbol.asyncDispose]());

describe('site', () => {
  test('wants to know where to write.', async () => {
    const { io } = fakeIo();
    await expect(site.run?.({ args: [], options: {}, folder: folder.dir }, io)).rejects.toMatchObject({
      code: 'usage',
      hint: expect.stringContaining('--out'),
    });
  });

  test('writes beside where it was called, says what it made, and changes nothing else.', async () => {
    const head = await folder.git('rev-parse', 'HEAD');
    const { io, said } = fakeIo();
    const called = { ...io, cwd: join(folder.dir, '..') };
    expect(await site.run?.({ args: [], options: { out: '_site' }, folder: folder.dir }, called)).toBe(0);
    expect(said.out).toMatch(/^3 files in .*_site\nopen .*_site\/index\.html\n$/);
    expect(await readFile(join(called.cwd, '_site', 'index.html'), 'utf8')).toContain('<h1>Status</h1>');
    expect(await folder.git('rev-parse', 'HEAD')).toBe(head);
    expect(await folder.git('status', '--porcelain')).toBe('');
  });

  test('with --json prints one value that names every file.', async () => {
    const { io, said } = fakeIo({}, true);
    const out = join(folder.dir, '..', 'site');
    await site.run?.({ args: [], options: { out }, folder: folder.dir }, io);
    expect(JSON.parse(said.out)).toMatchObject({
      out,
      files: ['index.html', 'reports/index.html', 'status.json'],
      ledger: { branch: 'main', commit: await folder.git('rev-parse', 'main') },
    });
  });
});
