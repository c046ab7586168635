import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Dropped, dropContract } from '../../src/ledger/drop.ts';
import { bareRemote, type GitFolder, gitFolder } from '../support/git-folder.ts';
import {
  commitAll,
  idsOf,
  inLedger,
  ledgerFolder,
  outcomeText,
  put,
  recordsOf,
  takeAll,
} from './ledger-folder.ts';

const inbox = 'queue/inbox/outcome';

interface Wanted {
  readonly kind?: string;
  readonly push?: boolean;
}

function drop(
  folder: GitFolder,
  file: string,
  text: string | Uint8Array,
  { kind = 'outcome', push = false }: Wanted = {},
): Promise<Dropped> {
  return inLedger(folder.dir, ({ workspace }) =>
    dropContract(workspace, { file, bytes: Buffer.from(text), kind, push }),
  );
}

/** A workspace with a remote that has it too, and a second clone. */
async function twoClones() {
  const remote = await bareRemote();
  const first = await ledgerFolder();
  await first.git('remote', 'add', 'origin', remote.dir);
  await first.git('push', '-q', 'origin', 'main');
  const second = await gitFolder();
  await second.git('remote', 'add', 'origin', remote.dir);
  await second.git('pull', '-q', 'origin', 'main');
  const close = async () => {
    for (const folder of [first, second, remote]) await folder[Symbol.asyncDispose]();
  };
  return { remote, first, second, [Symbol.asyncDispose]: close };
}

describe('a dropped contract', () => {
  test.each([
    ['a.json', outcomeText('a')],
    ['dir/a.yaml', 'id: a\nidea_id: i\noutcome: failed\n'],
    ['A.YML', '\uFEFFid: a\r\nidea_id: i\r\noutcome: failed\r\n'],
    ['a.md', '---\nid: a\nidea_id: i\noutcome: failed\n---\nNotes.\n'],
  ])(
    'of the file %s waits in the inbox under its id, byte for byte, until a pass records it.',
    async (file, text) => {
      await using folder = await ledgerFolder();
      const dropped = await drop(folder, file, text);
      const extension = /\.\w+$/.exec(file)?.[0].toLowerCase();
      expect(dropped).toEqual({ id: 'a', path: `${inbox}/a${extension}`, place: 'inbox' });
      expect((await readFile(join(folder.dir, dropped.path))).equals(Buffer.from(text))).toBe(true);
      expect(await readdir(join(folder.dir, inbox))).toEqual(['.gitkeep', `a${extension}`]);
      expect(await takeAll(folder.dir)).toMatchObject({ accepted: { outcome: 1 }, rejected: [] });
      expect(await idsOf(folder.dir)).toEqual(['a']);
    },
  );

  test('without an id gets one that sorts by time, and is recorded under it.', async () => {
    await using folder = await ledgerFolder();
    const text = '{"idea_id": "i", "outcome": "failed"}';
    const ids = [(await drop(folder, 'x.json', text)).id, (await drop(folder, 'x.json', text)).id];
    expect(ids[0]).toMatch(/^[0-9a-z]{26}$/);
    expect(new Set(ids).size).toBe(2);
    await takeAll(folder.dir);
    expect(new Set(await idsOf(folder.dir))).toEqual(new Set(ids));
  });

  test('that is wrong is explained as a whole, without its secrets, and leaves nothing behind.', async () => {
    await using folder = await ledgerFolder();
    const token = `ghp_${'a1B2'.repeat(9)}`;
    const text = `{\n"outcome": "nonsense",\n"cost_us": 1,\n"model": "${token}",\n"schema_version": 2\n}`;
    const before = await folder.git('rev-parse', 'HEAD');
    const error = await drop(folder, 'my/bad.json', text).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'bad-contract',
      hint: expect.any(String),
      data: { file: 'my/bad.json' },
    });
    const { message } = error as Error;
    for (const words of [
      'my/bad.json:5: schema_version: expected 1, found 2',
      'my/bad.json:1: idea_id: expected a string, found nothing',
      'my/bad.json:2: outcome: expected one of',
      'my/bad.json:3: cost_us: expected a known field',
      'my/bad.json:4: model: expected no secrets',
    ])
      expect(message).toContain(words);
    expect(JSON.stringify([message, (error as { data: unknown }).data])).not.toContain('a1B2a1B2');
    expect(await readdir(join(folder.dir, inbox))).toEqual(['.gitkeep']);
    expect(await folder.git('rev-parse', 'HEAD')).toBe(before);
    expect(await folder.git('for-each-ref', 'refs/millwright')).toBe('');
  });

  test.each([
    ['x.json', '{', 'outcome', 'valid JSON'],
    ['x.txt', outcomeText('a'), 'outcome', 'expected a file that ends in .json'],
    ['x', outcomeText('a'), 'outcome', 'found no ending'],
    ['x.json', outcomeText('a'), 'outcoem', 'kind: expected one of outcome'],
    ['x.json', outcomeText('a'), '../../etc', 'kind: expected one of outcome'],
    ['x.json', '{"id": "../../up", "idea_id": "i", "outcome": "failed"}', 'outcome', 'expected an id'],
    ['x.json', ' '.repeat(5_000_001), 'outcome', 'expected at most 5000000 bytes, found 5000001 bytes'],
  ])('%s with the content %.20j, as %s, is refused: %s.', async (file, text, kind, words) => {
    await using folder = await ledgerFolder();
    for (const push of [false, true])
      await expect(drop(folder, file, text, { kind, push })).rejects.toMatchObject({
        code: 'bad-contract',
        message: expect.stringContaining(words),
      });
    expect(await folder.git('status', '--porcelain')).toBe('');
    expect(await folder.git('for-each-ref', 'refs/millwright')).toBe('');
  });

  test('that is dropped twice waits once; another one under its id is refused, and the first stays.', async () => {
    await using folder = await ledgerFolder();
    await drop(folder, 'a.json', outcomeText('a'));
    const { mtimeMs } = await stat(join(folder.dir, inbox, 'a.json'));
    expect(await drop(folder, 'elsewhere/a.json', outcomeText('a'))).toMatchObject({ id: 'a' });
    await expect(drop(folder, 'a.json', outcomeText('a', { notes: 'other' }))).rejects.toMatchObject({
      code: 'id-taken',
    });
    expect(await folder.read(`${inbox}/a.json`)).toBe(outcomeText('a'));
    expect((await stat(join(folder.dir, inbox, 'a.json'))).mtimeMs).toBe(mtimeMs);
    expect(await readdir(join(folder.dir, inbox))).toEqual(['.gitkeep', 'a.json']);
  });

  test('whose id reads like a file that explains the folder is not overlooked.', async () => {
    await using folder = await ledgerFolder();
    const dropped = await drop(folder, 'x.md', '---\nid: README\nidea_id: i\noutcome: failed\n---\n');
    expect(dropped.id).toBe('README');
    expect(await takeAll(folder.dir)).toMatchObject({ accepted: { outcome: 1 } });
    expect(await idsOf(folder.dir)).toEqual(['README']);
  });

  test('makes the folder of its kind when that is not there.', async () => {
    await using folder = await ledgerFolder();
    const text = '{"source": "a", "relevance": "low", "domain": "d", "title": "t"}';
    expect(await drop(folder, 's.json', text, { kind: 'research_signal' })).toMatchObject({ place: 'inbox' });
    await takeAll(folder.dir);
    expect(await recordsOf(folder.dir, 'research_signal')).toMatchObject([{ source: 'a' }]);
  });
});

describe('a pushed contract', () => {
  test('goes to the remote as a ref of its own, and the intake of another clone records it and clears it away.', async () => {
    await using place = await twoClones();
    const { remote, first, second } = place;
    expect(await drop(first, 'a.json', outcomeText('a'), { push: true })).toEqual({
      id: 'a',
      path: `${inbox}/a.json`,
      place: 'cell',
    });
    expect(
      await drop(first, 's.md', '---\nsource: ann\nrelevance: low\ndomain: d\ntitle: t\n---\nText.\n', {
        kind: 'research_signal',
        push: true,
      }),
    ).toMatchObject({ place: 'cell' });
    expect(await readdir(join(first.dir, inbox))).toEqual(['.gitkeep']);
    expect((await remote.git('for-each-ref', '--format=%(refname)', 'refs/millwright/')).split('\n')[0]).toBe(
      'refs/millwright/inbox/outcome/a',
    );
    expect(await takeAll(second.dir)).toMatchObject({
      accepted: { outcome: 1, research_signal: 1 },
      rejected: [],
    });
    expect(await remote.git('for-each-ref', 'refs/millwright/')).toBe('');
    expect(await idsOf(first.dir)).toEqual(['a']);
    expect(
      await remote.git('show', `main:state/outcome/${new Date().toISOString().slice(0, 7)}/0001.jsonl`),
    ).toContain('"id":"a"');
    for (const clone of [first, second]) expect(await clone.git('status', '--porcelain')).toBe('');
  });

  test('that is pushed twice waits once, from whatever machine; another one under its id is refused.', async () => {
    await using place = await twoClones();
    const { remote, first, second } = place;
    await drop(first, 'a.json', outcomeText('a'), { push: true });
    expect(await drop(second, 'a.json', outcomeText('a'), { push: true })).toMatchObject({
      id: 'a',
      place: 'cell',
    });
    await expect(
      drop(second, 'a.json', outcomeText('a', { notes: 'x' }), { push: true }),
    ).rejects.toMatchObject({ code: 'id-taken' });
    expect((await remote.git('for-each-ref', 'refs/millwright/')).split('\n')).toHaveLength(1);
    await takeAll(second.dir);
    await drop(first, 'a.json', outcomeText('a'), { push: true });
    expect(await takeAll(first.dir)).toMatchObject({ accepted: {}, unchanged: 1 });
    expect(await remote.git('for-each-ref', 'refs/millwright/')).toBe('');
  });

  test('and the same one in the inbox of a checkout are one record.', async () => {
    await using place = await twoClones();
    const { first, second } = place;
    await drop(first, 'a.json', outcomeText('a'), { push: true });
    await put(second, `${inbox}/a.json`, outcomeText('a'));
    expect(await takeAll(second.dir)).toMatchObject({ accepted: { outcome: 1 }, unchanged: 1 });
  });

  test('that changes between the reading and the clearing is looked at again.', async () => {
    await using place = await twoClones();
    const { first, second } = place;
    await drop(first, 'a.json', outcomeText('a'), { push: true });
    await inLedger(second.dir, async ({ workspace, index }) => {
      const { takeIn } = await import('../../src/ledger/intake.ts');
      const cell = await workspace.cells.read('inbox', 'outcome/a');
      const { installFaultHook } = await import('../../src/contracts/fault-point.ts');
      installFaultHook(async (point) => {
        if (point !== 'intake:recorded') return;
        installFaultHook(undefined);
        const next = { path: `${inbox}/a.json`, content: outcomeText('a2'), subject: 'Replace' };
        await workspace.cells.swap(
          [{ space: 'inbox', id: 'outcome/a', expected: cell?.commit ?? null, next }],
          'intake',
        );
      });
      expect(await takeIn(workspace, index)).toMatchObject({ accepted: { outcome: 1 } });
      expect(await takeIn(workspace, index)).toMatchObject({ accepted: { outcome: 1 } });
      expect(await workspace.cells.readAll('inbox')).toEqual(new Map());
    });
    expect(await idsOf(first.dir)).toEqual(['a', 'a2']);
  });

  test('works without a remote, and where the repository is bare that is the only way.', async () => {
    await using folder = await ledgerFolder('remote: false\n');
    await drop(folder, 'a.json', outcomeText('a'), { push: true });
    expect(await takeAll(folder.dir)).toMatchObject({ accepted: { outcome: 1 } });
    await using bare = await bareRemote();
    await folder.git('push', '-q', bare.dir, 'main');
    expect(await drop(bare, 'b.json', outcomeText('b'))).toMatchObject({ place: 'cell' });
    expect(await takeAll(bare.dir)).toMatchObject({ accepted: { outcome: 1 } });
    expect(await idsOf(bare.dir)).toEqual(['a', 'b']);
  });

  test('lives below refs/heads where the settings say so.', async () => {
    await using folder = await ledgerFolder('ref_namespace: refs/heads/millwright\n');
    await drop(folder, 'a.json', outcomeText('a'), { push: true });
    expect(await folder.git('for-each-ref', '--format=%(refname)', 'refs/heads/millwright/')).toBe(
      'refs/heads/millwright/inbox/outcome/a',
    );
    expect(await takeAll(folder.dir)).toMatchObject({ accepted: { outcome: 1 } });
  });
});

test('a folder under the name of the dropped file is an error that leaves it alone.', async () => {
  await using folder = await ledgerFolder();
  await mkdir(join(folder.dir, inbox, 'a.json'), { recursive: true });
  await put(folder, `${inbox}/a.json/mine.txt`, 'mine');
  await expect(drop(folder, 'a.json', outcomeText('a'))).rejects.toThrow();
  expect(await folder.read(`${inbox}/a.json/mine.txt`)).toBe('mine');
  await commitAll(folder);
});
