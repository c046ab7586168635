import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { access, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { countInbox } from '../../src/ledger/read-inbox.ts';
import { bareRemote, type GitFolder, gitFolder } from '../support/git-folder.ts';
import {
  blob,
  commitAll,
  filesOf,
  idsOf,
  inLedger,
  ledgerFolder,
  outcomeText,
  pages,
  plumbing,
  put,
  takeAll,
} from './ledger-folder.ts';

const inbox = 'queue/inbox/outcome';

/** Commits a tree that no index would hold: names and modes go in as they are. */
async function commitEntries(
  folder: GitFolder,
  entries: readonly [mode: string, oid: string, name: Buffer][],
): Promise<void> {
  const tree = (body: Buffer) =>
    plumbing(folder, ['hash-object', '-w', '--stdin', '--literally', '-t', 'tree'], body);
  const entry = (mode: string, name: Buffer | string, oid: string) =>
    Buffer.concat([Buffer.from(`${mode} `), Buffer.from(name), Buffer.of(0), Buffer.from(oid, 'hex')]);
  const outcomes = tree(Buffer.concat(entries.map(([mode, oid, name]) => entry(mode, name, oid))));
  const nested = tree(entry('40000', 'inbox', tree(entry('40000', 'outcome', outcomes))));
  const top = (await folder.git('ls-tree', 'HEAD'))
    .split('\n')
    .map((line) => /^(\d+) \w+ ([0-9a-f]+)\t(.*)$/.exec(line) ?? []);
  const kept = top
    .filter((parts) => parts[3] !== 'queue')
    .map(([, mode = '', oid = '', name = '']) => ({ mode: mode.replace(/^0/, ''), oid, name }));
  const all = [...kept, { mode: '40000', oid: nested, name: 'queue' }].sort((a, b) =>
    a.name < b.name ? -1 : 1,
  );
  const root = tree(Buffer.concat(all.map(({ mode, oid, name }) => entry(mode, name, oid))));
  const commit = await folder.git('commit-tree', '-p', 'HEAD', '-m', 'Weird', root);
  await folder.git('update-ref', 'refs/heads/main', commit);
}

describe('a committed inbox', () => {
  test('with names that no checkout takes keeps nobody waiting; they are named in a warning.', async () => {
    await using folder = await ledgerFolder('ledger_branch: main\n');
    await folder.git('checkout', '-q', '--detach');
    const file = blob(folder, outcomeText('x'));
    const good = blob(folder, outcomeText('good'));
    const names = ['..', '.git', 'a\\.git\\config', 'git~1', 'a/b.json', 'good.json'];
    await commitEntries(
      folder,
      names.map((name) => ['100644', name === 'good.json' ? good : file, Buffer.from(name)]),
    );
    const report = await takeAll(folder.dir);
    expect(report).toMatchObject({ accepted: { outcome: 1 }, rejected: [] });
    expect(report.warnings.map((words) => words.split(' is no path')[0])).toEqual([
      JSON.stringify(`${inbox}/a\\.git\\config`),
      JSON.stringify(`${inbox}/git~1`),
      JSON.stringify(`${inbox}/a/b.json`),
    ]);
    expect((await takeAll(folder.dir)).commits).toEqual([]);
    await inLedger(folder.dir, async ({ workspace }) => expect(await countInbox(workspace)).toBe(0));
  });

  test('with a submodule refuses it, and the tree stays one that git takes.', async () => {
    await using other = await gitFolder({ 'x.json': outcomeText('x') });
    await using folder = await ledgerFolder();
    const commit = await other.git('rev-parse', 'HEAD');
    await folder.git('update-index', '--add', '--cacheinfo', `160000,${commit},${inbox}/module`);
    await folder.git('commit', '-q', '-m', 'Add a submodule');
    await put(folder, `${inbox}/good.json`, outcomeText('good'));
    const report = await takeAll(folder.dir);
    expect(report).toMatchObject({
      accepted: { outcome: 1 },
      rejected: [{ path: `${inbox}/module`, problem: expect.stringContaining('found a submodule') }],
    });
    expect((await pages(folder)).get('queue/rejected/outcome/module.error.md')).toContain(
      `It named commit ${commit} of another repository.`,
    );
    expect(await filesOf(folder, 'queue')).toEqual(['queue/rejected/outcome/module.error.md']);
    expect((await folder.gitCode('fsck', '--strict', '--no-dangling')).code).toBe(0);
    expect((await takeAll(folder.dir)).commits).toEqual([]);
  });

  test('with names that are not UTF-8 is taken in like any other, and so is a checkout with them.', async () => {
    await using folder = await ledgerFolder();
    const name = (text: string, byte: number) =>
      Buffer.concat([Buffer.from(`${folder.dir}/${inbox}/${text}`), Buffer.of(byte), Buffer.from('.json')]);
    const write = async (path: Buffer, text: string) => {
      await writeFile(path, text);
      await utimes(path, 0, 0);
    };
    await write(name('committed', 0xe9), outcomeText('committed'));
    await write(name('committed-bad', 0xff), '{');
    await commitAll(folder);
    await write(name('loose', 0xe9), outcomeText('loose'));
    await write(name('loose-bad', 0xff), '{');
    await folder.git('add', '--all', '--force');
    const report = await takeAll(folder.dir);
    expect(report).toMatchObject({ accepted: { outcome: 2 }, rejected: [{}, {}] });
    expect(new Set(await idsOf(folder.dir))).toEqual(new Set(['committed', 'loose']));
    expect([...(await pages(folder)).keys()]).toEqual([
      'queue/rejected/outcome/committed-bad_.error.md',
      'queue/rejected/outcome/loose-bad_.error.md',
    ]);
    expect(await folder.git('status', '--porcelain')).toBe('');
    expect(await readdir(join(folder.dir, inbox))).toEqual(['.gitkeep']);
  });
});

test('what is neither a file nor a folder stays where it is, with a warning, and nobody waits for it.', async () => {
  await using folder = await ledgerFolder();
  execFileSync('mkfifo', [join(folder.dir, inbox, 'pipe.json')]);
  await put(folder, `${inbox}/good.json`, outcomeText('good'));
  expect(await takeAll(folder.dir)).toMatchObject({
    accepted: { outcome: 1 },
    rejected: [],
    warnings: [`${inbox}/pipe.json is neither a file nor a folder, and stays where it is`],
  });
  await access(join(folder.dir, inbox, 'pipe.json'));
});

test('a hundred good files among ten thousand bad ones all get in, and every bad one gets its page.', async () => {
  await using folder = await ledgerFolder();
  const bad = [
    '{"idea_id": "a",',
    '{"idea_id": "a", "idea_id": "b"}',
    '{"outcome": "nonsense"}',
    '\0\0',
    '<<<<<<< a\n>>>>>>> b\n',
    '[]',
  ];
  const at = (name: string) => join(folder.dir, inbox, name);
  for (let n = 0; n < 10_000; n += 1) writeFileSync(at(`bad-${n}.json`), `${bad[n % bad.length]}\n${n}`);
  for (let n = 0; n < 100; n += 1) writeFileSync(at(`good-${n}.json`), outcomeText(`good-${n}`));
  execFileSync('find', [at('.'), '-name', '*.json', '-exec', 'touch', '-d', '1 hour ago', '{}', '+']);
  const report = await takeAll(folder.dir);
  expect(report).toMatchObject({ accepted: { outcome: 100 }, unchanged: 0, settling: 0 });
  expect(report.rejected).toHaveLength(10_000);
  expect(report.commits).toHaveLength(5);
  const there = await filesOf(folder, 'queue');
  expect(there.filter((path) => path.endsWith('.error.md'))).toHaveLength(10_000);
  expect(there).toHaveLength(20_000);
  expect(new Set(await idsOf(folder.dir)).size).toBe(100);
  expect(await folder.git('status', '--porcelain')).toBe('');
});

test('a file of a hundred megabytes is refused without being read into memory or committed.', async () => {
  await using folder = await ledgerFolder();
  const script = new URL('intake-child.ts', import.meta.url).pathname;
  const file = join(folder.dir, inbox, 'huge.json');
  execFileSync('truncate', ['-s', '100M', file]);
  execFileSync('touch', ['-d', '1 hour ago', file]);
  const output = execFileSync(process.execPath, ['--import', 'tsx', script, folder.dir], {
    env: { ...process.env, ...folder.env },
  });
  const { grown, rejected } = JSON.parse(output.toString('utf8')) as {
    grown: number;
    rejected: { to: string }[];
  };
  expect(rejected).toMatchObject([{ to: 'queue/rejected/outcome/huge.local.json' }]);
  expect(grown).toBeLessThan(150_000_000);
  expect((await pages(folder)).get('queue/rejected/outcome/huge.local.error.md')).toContain(
    'expected at most 5000000 bytes, found 104857600 bytes',
  );
  expect(await filesOf(folder, 'queue')).toEqual(['queue/rejected/outcome/huge.local.error.md']);
  expect(await folder.git('status', '--porcelain')).toBe('');
  expect(await folder.git('status', '--porcelain', '--ignored')).toContain(
    '!! queue/rejected/outcome/huge.local.json',
  );
  const [size = ''] = /size-pack: \d+|size: \d+/.exec(await folder.git('count-objects', '-v')) ?? [];
  expect(Number(size.replace(/\D+/, ''))).toBeLessThan(1_000);
});

test('an inbox that is larger than what memory should hold is taken in piece by piece.', async () => {
  await using folder = await ledgerFolder();
  const script = new URL('intake-child.ts', import.meta.url).pathname;
  for (let n = 0; n < 25; n += 1)
    await put(folder, `${inbox}/big-${n}.json`, `{"x": "${'x'.repeat(4_500_000)}${n}"}`);
  const output = execFileSync(process.execPath, ['--import', 'tsx', script, folder.dir], {
    env: { ...process.env, ...folder.env },
  });
  const { grown, rejected } = JSON.parse(output.toString('utf8')) as { grown: number; rejected: unknown[] };
  expect(rejected).toHaveLength(25);
  expect(grown).toBeLessThan(230_000_000);
});

describe('a ledger on a branch of its own', () => {
  test('takes in what lies in the checkout, and leaves the branch that is checked out as it is.', async () => {
    await using folder = await ledgerFolder('ledger_branch: millwright/ledger\n');
    await folder.git('branch', 'millwright/ledger');
    const before = await folder.git('rev-parse', 'main');
    await put(folder, `${inbox}/a.json`, outcomeText('a'));
    await put(folder, `${inbox}/bad.json`, '{');
    await put(folder, `${inbox}/secret.json`, outcomeText('s', { notes: `ghp_${'a1B2'.repeat(9)}` }));
    expect(await takeAll(folder.dir)).toMatchObject({ accepted: { outcome: 1 }, rejected: [{}, {}] });
    expect(await folder.git('rev-parse', 'main')).toBe(before);
    expect(await folder.git('status', '--porcelain')).toBe('');
    expect(await filesOf(folder, 'queue', 'millwright/ledger')).toEqual([
      'queue/rejected/outcome/bad.error.md',
      'queue/rejected/outcome/bad.json',
      'queue/rejected/outcome/secret.local.error.md',
    ]);
    expect(await folder.exists('queue/rejected/outcome/secret.local.json')).toBe(true);
    expect(await idsOf(folder.dir)).toEqual(['a']);
  });

  test('that does not exist yet begins with the first record.', async () => {
    await using folder = await ledgerFolder('ledger_branch: millwright/ledger\n');
    await put(folder, `${inbox}/a.json`, outcomeText('a'));
    expect(await takeAll(folder.dir)).toMatchObject({ accepted: { outcome: 1 } });
    expect(await folder.git('ls-tree', '-r', '--name-only', 'millwright/ledger')).toMatch(
      /^state\/outcome\/\d{4}-\d{2}\/0001\.jsonl$/,
    );
  });
});

test('a bare repository takes in what was pushed to it, committed or as a cell.', async () => {
  await using remote = await bareRemote();
  await using folder = await ledgerFolder('remote: false\n');
  await put(folder, `${inbox}/pushed.json`, outcomeText('pushed'));
  await put(folder, `${inbox}/bad.json`, '{');
  await commitAll(folder);
  await folder.git('push', '-q', remote.dir, 'main');
  await inLedger(remote.dir, ({ workspace }) =>
    workspace.cells.swap(
      [
        {
          space: 'inbox',
          id: 'outcome/cell',
          expected: null,
          next: { path: `${inbox}/cell.json`, content: outcomeText('cell'), subject: 'Drop' },
        },
      ],
      'intake',
    ),
  );
  expect(await takeAll(remote.dir)).toMatchObject({
    accepted: { outcome: 2 },
    rejected: [{ path: `${inbox}/bad.json` }],
  });
  expect(new Set(await idsOf(remote.dir))).toEqual(new Set(['pushed', 'cell']));
  expect(await filesOf(remote, 'queue', 'main')).toEqual([
    'queue/rejected/outcome/bad.error.md',
    'queue/rejected/outcome/bad.json',
  ]);
  expect(await remote.git('for-each-ref', 'refs/millwright/')).toBe('');
});
