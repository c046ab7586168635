import { access, lstat, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type GitFolder, gitFolder } from '../support/git-folder.ts';
import { type Garbage, garbage, hidden, tooBig } from './garbage.ts';
import {
  commitAll,
  filesOf,
  idsOf,
  inLedger,
  ledgerFolder,
  outcomeText,
  pages,
  put,
  readHere,
  takeAll,
} from './ledger-folder.ts';

const settings = 'limits:\n  contract_bytes: 2000000\n';
const all = [...garbage, tooBig];

function pathsOf({ path, to = path }: Garbage, committed: boolean) {
  const file = committed ? to.replace('.local.', '.') : to;
  const stem = file.replace(/(?<=[^/])\.[a-z]+$/, '');
  return { file: `queue/rejected/${file}`, page: `queue/rejected/${stem}.error.md` };
}

function expectPage(page: string | undefined, one: Garbage): void {
  for (const words of one.says) expect(page).toContain(words);
  expect(page).toMatch(
    /^---\nfile: ".*"\nrejected_at: \d{4}-\S+Z\ncontent: [0-9a-f]{40}\nproblems: \d+\n---\n\n# Not accepted\n\n- /,
  );
  expect(page?.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  expect(page).not.toMatch(hidden);
  expect(page?.length).toBeLessThan(6_000);
}

async function expectClean(folder: GitFolder): Promise<void> {
  expect(await folder.git('status', '--porcelain')).toBe('');
  expect(await filesOf(folder, 'queue/inbox')).toEqual([]);
  expect((await folder.gitCode('fsck', '--strict', '--no-dangling')).code).toBe(0);
}

/** Git stores a name of any bytes; the trees of the tests hold those that a disk can hold. */
const bytesOf = (one: Garbage) => Buffer.from(one.content);

describe('garbage in the checkout', () => {
  test('is refused with a page each, kept as it came, and does not keep a good file waiting.', async () => {
    await using folder = await ledgerFolder(settings);
    for (const one of all) await put(folder, `queue/inbox/${one.path}`, one.content);
    await put(folder, 'queue/inbox/outcome/zzz.json', outcomeText('zzz'));
    const report = await takeAll(folder.dir);
    expect(report).toMatchObject({ accepted: { outcome: 1 }, unchanged: 0, settling: 0 });
    expect(report.rejected).toHaveLength(all.length);
    const found = await pages(folder);
    for (const one of all) {
      const { file, page } = pathsOf(one, false);
      expectPage(found.get(page), one);
      expect((await readHere(folder, file)).equals(bytesOf(one)), file).toBe(true);
      const tracked = await folder.git('ls-files', '--', file);
      expect(tracked !== '', file).toBe(one.local !== true);
    }
    expect(found.size).toBe(all.length);
    expect(found.get('queue/rejected/outcome/secret.local.error.md')).toContain(
      `It lies on ${hostname()}, at`,
    );
    await expectClean(folder);
    expect(await everything(folder)).not.toMatch(hidden);
    expect(await takeAll(folder.dir)).toMatchObject({ rejected: [], commits: [] });
  });

  test('is reported without secrets and on one line each.', async () => {
    await using folder = await ledgerFolder(settings);
    for (const one of all) await put(folder, `queue/inbox/${one.path}`, one.content);
    const { rejected } = await takeAll(folder.dir);
    for (const { problem } of rejected) expect(problem).not.toMatch(/\p{Cc}|a1B2a1B2/u);
  });
});

describe('garbage that was committed', () => {
  test('is refused the same way; what is in the history already is moved by its id.', async () => {
    await using folder = await ledgerFolder(settings);
    for (const one of all) await put(folder, `queue/inbox/${one.path}`, one.content);
    await put(folder, 'queue/inbox/outcome/zzz.json', outcomeText('zzz'));
    await commitAll(folder);
    const report = await takeAll(folder.dir);
    expect(report).toMatchObject({ accepted: { outcome: 1 }, unchanged: 0, settling: 0, warnings: [] });
    expect(report.rejected).toHaveLength(all.length);
    const found = await pages(folder);
    for (const one of all) {
      const { file, page } = pathsOf(one, true);
      expectPage(found.get(page), {
        ...one,
        says: one.says.filter((words) => words !== 'expected no secrets'),
      });
      expect((await readHere(folder, file)).equals(bytesOf(one)), file).toBe(true);
    }
    expect(found.size).toBe(all.length);
    await expectClean(folder);
    expect(await idsOf(folder.dir)).toEqual(['zzz']);
  });
});

describe('garbage that came as a cell', () => {
  test('is refused the same way; what must not be committed stays with the machine that ran the pass.', async () => {
    await using folder = await ledgerFolder(settings);
    const some = all.filter(({ cell }) => cell !== false);
    await inLedger(folder.dir, ({ workspace }) =>
      workspace.cells.swap(
        some.map((one, at) => ({
          space: 'inbox',
          id: `outcome/n${at}`,
          expected: null,
          next: { path: `queue/inbox/${one.path}`, content: bytesOf(one), subject: 'Drop' },
        })),
        'intake',
      ),
    );
    const report = await takeAll(folder.dir);
    expect(report.rejected).toHaveLength(some.length);
    const found = await pages(folder);
    for (const one of some) {
      const { file, page } = pathsOf(one, false);
      expectPage(found.get(page), one);
      expect((await readHere(folder, file)).equals(bytesOf(one)), file).toBe(true);
    }
    expect(found.size).toBe(some.length);
    expect(await folder.git('for-each-ref', 'refs/millwright/')).toBe('');
    await expectClean(folder);
    expect(await everything(folder, 'HEAD')).not.toMatch(hidden);
  });

  test('may claim any path at all: it decides nothing.', async () => {
    await using folder = await ledgerFolder();
    const paths = [
      'personas/evil.yaml',
      'state/outcome/2026-11/0001.jsonl',
      'queue/inboxes/outcome/x.json',
      'xxxxxxxxxxx/outcome/x.json',
      'README.md',
      'queue/inbox/outcome/ok.json',
    ];
    await inLedger(folder.dir, ({ workspace }) =>
      workspace.cells.swap(
        paths.map((path, at) => ({
          space: 'inbox',
          id: `outcome/n${at}`,
          expected: null,
          next: { path, content: '{"idea_id":"i","outcome":"failed"}', subject: 'Drop' },
        })),
        'intake',
      ),
    );
    const report = await takeAll(folder.dir);
    expect(report).toMatchObject({ accepted: { outcome: 1 } });
    expect(report.rejected.map(({ to }) => dirname(to))).toEqual(
      paths.slice(0, -1).map(() => 'queue/rejected/unknown'),
    );
    expect(await idsOf(folder.dir)).toEqual(['ok']);
    expect(await folder.git('for-each-ref', 'refs/millwright/')).toBe('');
  });

  test('and holds no file at all is cleared away, with a page.', async () => {
    await using folder = await ledgerFolder();
    const empty = await folder.git('commit-tree', '-m', 'empty', '4b825dc642cb6eb9a060e54bf8d69288fbee4904');
    await folder.git('update-ref', 'refs/millwright/inbox/outcome/nothing', empty);
    expect((await takeAll(folder.dir)).rejected).toMatchObject([{ to: 'queue/rejected/unknown/unnamed' }]);
    expect(await folder.git('for-each-ref', 'refs/millwright/')).toBe('');
  });
});

describe('a symlink', () => {
  test('to a file, to a folder or to nothing is refused, and nothing behind it is read or touched.', async () => {
    await using outside = await gitFolder();
    await using folder = await ledgerFolder();
    await outside.write('folder/inside.json', outcomeText('inside'));
    await outside.write('target.json', outcomeText('target'));
    const inbox = join(folder.dir, 'queue/inbox/outcome');
    await symlink(join(outside.dir, 'target.json'), join(inbox, 'file.json'));
    await symlink(join(outside.dir, 'folder'), join(inbox, 'folder'));
    await symlink('/nowhere/at/all', join(inbox, 'dangling.json'));
    await symlink(join(outside.dir, 'folder'), join(folder.dir, 'queue/inbox/patch'));
    await commitAll(folder);
    for (const name of ['file2.json', 'folder2'])
      await symlink(join(outside.dir, name.replace(/2.*/, '')), join(inbox, name));
    const young = await takeAll(folder.dir);
    expect([young.rejected.length, young.settling]).toEqual([4, 2]);
    expect(await outside.read('target.json')).toBe(outcomeText('target'));
    expect(await readdir(join(outside.dir, 'folder'))).toEqual(['inside.json']);
    const found = await pages(folder);
    for (const name of ['outcome/file', 'outcome/folder', 'outcome/dangling', 'unknown/patch'])
      expect(found.get(`queue/rejected/${name}.error.md`)).toMatch(
        /found a symlink|found a file outside any kind/,
      );
    const kept = join(folder.dir, 'queue/rejected/outcome/dangling.json');
    expect((await lstat(kept)).isFile()).toBe(true);
    expect(await folder.read('queue/rejected/outcome/dangling.json')).toBe('/nowhere/at/all');
    expect(await idsOf(folder.dir)).toEqual([]);
  });

  test('in place of the inbox leads nowhere: nothing is read, and a warning says so.', async () => {
    await using outside = await gitFolder();
    await using folder = await ledgerFolder();
    await outside.write('outcome/mine.json', outcomeText('mine'));
    for (const place of ['queue/inbox', 'queue']) {
      await folder.git('rm', '-rqf', '--ignore-unmatch', 'queue');
      await mkdir(dirname(join(folder.dir, place)), { recursive: true });
      await symlink(outside.dir, join(folder.dir, place));
      if (place === 'queue') await outside.write('inbox/outcome/mine.json', outcomeText('mine'));
      const report = await takeAll(folder.dir);
      expect(report).toMatchObject({
        accepted: {},
        rejected: [],
        warnings: [`${place} is a symlink, so nothing is read behind it; make it a folder`],
      });
      await folder.git('clean', '-qfd', 'queue');
    }
    await access(join(outside.dir, 'outcome/mine.json'));
    await access(join(outside.dir, 'inbox/outcome/mine.json'));
  });
});

test('a file that comes again under a name that is taken gets a name of its own; the same one gets its old place.', async () => {
  await using folder = await ledgerFolder();
  const drop = async (name: string, content: string) => {
    await put(folder, `queue/inbox/outcome/${name}`, content);
    const { rejected } = await takeAll(folder.dir);
    return rejected[0]?.to.replace('queue/rejected/outcome/', '');
  };
  expect(await drop('x.json', '{')).toBe('x.json');
  expect(await drop('x.json', '{')).toBe('x.json');
  expect(await drop('x.json', '[')).toMatch(/^x\.[0-9a-f]{8}\.json$/);
  expect(await drop('x.yaml', '[')).toMatch(/^x\.[0-9a-f]{8}\.2\.yaml$/);
  expect(await drop('x.error.md', 'a page of my own')).toMatch(/^x\.error\.[0-9a-f]{8}\.md$/);
  const secret = `{"notes": "ghp_${'a1B2'.repeat(9)}"}`;
  expect(await drop('s.json', secret)).toBe('s.local.json');
  expect(await drop('s.json', secret)).toBe('s.local.json');
  expect(await drop('s.json', `${secret} `)).toMatch(/^s\.[0-9a-f]{8}\.local\.json$/);
  expect((await pages(folder)).size).toBe(6);
});

test('files of one batch that want the same place all get one, and a page each.', async () => {
  await using folder = await ledgerFolder();
  const names = [
    'x.json',
    'x.yaml',
    'x.md',
    'x.error.md',
    'a b.json',
    'a  b.json',
    'a?b.json',
    'deep/x.json',
    'deeper/still/x.json',
  ];
  for (const [at, name] of names.entries()) await put(folder, `queue/inbox/outcome/${name}`, `{ ${at}`);
  const { rejected } = await takeAll(folder.dir);
  expect(new Set(rejected.map(({ to }) => to)).size).toBe(names.length);
  for (const { path, to } of rejected)
    expect(await readHere(folder, to)).toEqual(
      Buffer.from(`{ ${names.indexOf(path.replace('queue/inbox/outcome/', ''))}`),
    );
  const found = await pages(folder);
  for (const name of names)
    expect(
      [...found.values()].filter((page) =>
        page.includes(`file: ${JSON.stringify(`queue/inbox/outcome/${name}`)}`),
      ),
    ).toHaveLength(1);
});

test('a file that lies in the way of queue/rejected is not thrown away.', async () => {
  await using folder = await ledgerFolder('', { 'queue/rejected/outcome/x.json/keep.txt': 'mine' });
  await writeFile(join(folder.dir, 'queue/inbox/outcome/x.json'), '{');
  await put(folder, 'queue/inbox/outcome/x.json', '{');
  const { rejected } = await takeAll(folder.dir);
  expect(rejected[0]?.to).toMatch(/x\.[0-9a-f]{8}\.json$/);
  expect(await folder.read('queue/rejected/outcome/x.json/keep.txt')).toBe('mine');
});

/** Every byte of every commit: what is in here once is in the history for good. */
async function everything(folder: GitFolder, ref = '--all'): Promise<string> {
  return folder.git('log', ref, '-p', '--text', '--format=%B');
}
