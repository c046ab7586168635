import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildSite, type SiteBuilt } from '../../../src/runner/site/build-site.ts';
import { runCliIn } from '../../cli/run-cli-in.ts';
import { busyWorkspace, copyWorkspace, freshWorkspace, inWorkspace } from '../../e2e/prepared-workspace.ts';
import { type GitFolder, gitFolder } from '../../support/git-folder.ts';
import { manualClock } from '../doctor/manual-clock.ts';

let prepared: GitFolder;
let fresh: GitFolder;
beforeAll(async () => {
  fresh = await freshWorkspace();
  prepared = await busyWorkspace();
  await runCliIn(prepared.dir, ['run']);
  await prepared.write('artifacts/reports/2026-W47.md', '# Week\n\n![Cost](2026-W47/cost.svg)\n');
  await prepared.write('artifacts/reports/2026-W47/cost.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>\n');
  await prepared.git('add', '--all');
  await prepared.git('commit', '-q', '-m', 'Report');
});
afterAll(() => Promise.all([prepared[Symbol.asyncDispose](), fresh[Symbol.asyncDispose]()]));

const base = { force: false, data: false, env: {} };
const outOf = (folder: GitFolder) => join(dirname(folder.dir), 'site');

function build(folder: GitFolder, more: Partial<typeof base> = {}, at?: string): Promise<SiteBuilt> {
  const options = at === undefined ? {} : { clock: manualClock(at) };
  return inWorkspace(
    folder.dir,
    (context) => buildSite(context, { ...base, ...more, out: outOf(folder) }),
    options,
  );
}

async function contentsOf(folder: string): Promise<Record<string, string>> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
  const read = paths.map(async (path) => [path.slice(folder.length + 1), await readFile(path, 'latin1')]);
  return Object.fromEntries(await Promise.all(read)) as Record<string, string>;
}

describe('the site of a workspace', () => {
  test('shows proposals, what waits and the reports, and asks nobody for anything.', async () => {
    await using folder = await copyWorkspace(prepared);
    const { files } = await build(folder);
    const site = await contentsOf(outOf(folder));
    expect(files).toEqual(
      Object.keys(site)
        .filter((path) => !path.startsWith('.'))
        .sort((a, b) => (a < b ? -1 : 1)),
    );
    const index = site['index.html'] ?? '';
    expect(index).toMatch(/millwright\/persona-solver\/[0-9a-f]{12}<br>solver /);
    expect(index).toContain('<td>a reviewer</td>');
    expect(index).toContain('<svg ');
    const report =
      Object.entries(site).find(([path]) => /^reports\/2\d{3}-W\d\d\.html$/.test(path))?.[1] ?? '';
    expect(report).toContain('<img src="data:image/svg+xml;base64,');
    for (const text of Object.values(site).filter((page) => page.startsWith('<!doctype'))) {
      expect(text).toMatch(
        /<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-/,
      );
      expect(text).not.toMatch(
        /<script|<link|<iframe|\sstyle=|\son\w+=|(?:src|href)="(?!data:|#|(?:\.\.\/)?(?:reports\/)?[\w-]+\.(?:html|json))/,
      );
    }
    expect(JSON.parse(site['status.json'] ?? '')).toMatchObject({
      records: { outcome: 141 },
      rejected: expect.any(Number),
    });
  });

  test('is the same for the same commit, wherever and whenever it is made, also of a shallow clone.', async () => {
    await using folder = await copyWorkspace(prepared);
    await build(folder, {}, '2026-11-22T00:00:00.000Z');
    const first = await contentsOf(outOf(folder));
    await build(folder, {}, '2027-03-01T12:00:00.000Z');
    expect(await contentsOf(outOf(folder))).toEqual(first);
    await using clone = await gitFolder();
    await clone.git(
      'fetch',
      '-q',
      '--depth',
      '1',
      `file://${folder.dir}`,
      'refs/heads/*:refs/heads/*',
      '--update-head-ok',
    );
    await clone.git('reset', '-q', '--hard', 'main');
    await build(clone);
    expect((await contentsOf(outOf(clone)))['status.json']).toBe(first['status.json']);
  });

  test('of an empty workspace says that there is nothing yet.', async () => {
    await using folder = await copyWorkspace(fresh);
    await build(folder);
    const site = await contentsOf(outOf(folder));
    for (const words of ['Nothing waits.', 'No proposal is open.', 'No pass is recorded yet.'])
      expect(site['index.html']).toContain(words);
    expect(site['reports/index.html']).toContain('No report was written yet.');
  });

  test('holds what a report says as text, and links to a host where there is one.', async () => {
    await using folder = await copyWorkspace(fresh);
    await folder.write('millwright.yaml', 'github: { repository: mill/works }\n');
    const hostile = '# <img src=x onerror=alert(1)>\n\n[a](../x.md) ![b](https://a.example/b.png)\n';
    await folder.write('artifacts/reports/2026-W47.md', hostile);
    await folder.git('add', '--all');
    await folder.git('commit', '-q', '-m', 'Report');
    await build(folder);
    const page = (await contentsOf(outOf(folder)))['reports/2026-W47.html'] ?? '';
    expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(page).toMatch(/href="https:\/\/github\.com\/mill\/works\/blob\/[0-9a-f]{40}\/artifacts\/x\.md"/);
    expect(page).not.toContain('a.example');
  });

  test('has the history as Parquet where that is wanted, and loses it again.', async () => {
    await using folder = await copyWorkspace(fresh);
    expect((await build(folder, { data: true })).files).toContain('data/outcome.parquet');
    expect((await build(folder, { data: true })).files).toContain('data/views.sql');
    await build(folder);
    expect(Object.keys(await contentsOf(outOf(folder))).filter((path) => path.startsWith('data/'))).toEqual(
      [],
    );
  });
});

describe('the folder of a site', () => {
  test('of somebody else is refused, and with force its files stay.', async () => {
    await using folder = await copyWorkspace(fresh);
    const out = outOf(folder);
    await mkdir(out);
    await writeFile(join(out, 'mine.txt'), 'mine');
    await expect(build(folder)).rejects.toMatchObject({ code: 'file-exists' });
    expect(await readdir(out)).toEqual(['mine.txt']);
    await build(folder, { force: true });
    expect(await readFile(join(out, 'mine.txt'), 'utf8')).toBe('mine');
  });

  test('is not left by links: a folder in the way is refused, a file in the way is replaced.', async () => {
    await using folder = await copyWorkspace(fresh);
    const [out, elsewhere] = [outOf(folder), join(dirname(folder.dir), 'elsewhere')];
    await build(folder);
    await mkdir(elsewhere);
    await writeFile(join(elsewhere, 'page.html'), 'theirs');
    await rm(join(out, 'index.html'));
    await symlink(join(elsewhere, 'page.html'), join(out, 'index.html'));
    await build(folder);
    expect(await readFile(join(elsewhere, 'page.html'), 'utf8')).toBe('theirs');
    await rm(join(out, 'reports'), { recursive: true });
    await symlink(elsewhere, join(out, 'reports'));
    await expect(build(folder)).rejects.toMatchObject({ code: 'file-exists' });
    expect(await readdir(elsewhere)).toEqual(['page.html']);
    await rm(out, { recursive: true });
    await symlink(elsewhere, out);
    await expect(build(folder)).rejects.toMatchObject({ code: 'file-exists' });
  });

  test('whose mark names files outside of it loses none of them.', async () => {
    await using folder = await copyWorkspace(fresh);
    const out = outOf(folder);
    await build(folder);
    await writeFile(join(out, '..', 'theirs.txt'), 'theirs');
    await writeFile(join(out, '.millwright-site'), JSON.stringify({ files: ['../theirs.txt'] }));
    await expect(build(folder)).rejects.toMatchObject({ code: 'file-exists' });
    expect(await readFile(join(out, '..', 'theirs.txt'), 'utf8')).toBe('theirs');
  });

  test('loses the reports that are no more.', async () => {
    await using folder = await copyWorkspace(fresh);
    await folder.write('artifacts/reports/2026-W40.md', '# Old\n');
    await folder.git('add', '--all');
    await folder.git('commit', '-q', '-m', 'Report');
    await build(folder);
    await folder.git('rm', '-q', 'artifacts/reports/2026-W40.md');
    await folder.git('commit', '-q', '-m', 'No report');
    expect((await build(folder)).files).toEqual(['index.html', 'reports/index.html', 'status.json']);
    expect(await readdir(join(outOf(folder), 'reports'))).toEqual(['index.html']);
  });
});
