import fc from 'fast-check';
import { expect, test } from 'vitest';
import { blobOid } from '../../src/git/blob-oid.ts';
import { applyEdits, type Edit } from '../../src/git/edit.ts';
import { emptyTree, ObjectStore } from '../../src/git/object-store.ts';
import { decodePath, encodePath } from '../../src/git/path-text.ts';
import { openRepository } from '../../src/git/repository.ts';
import { Snapshot } from '../../src/git/snapshot.ts';
import { type Mode, parseTree, type TreeEntry, treeBody } from '../../src/git/tree.ts';
import { type GitFolder, gitFolder } from '../support/git-folder.ts';

test('any bytes that can be a name stay as they are.', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1 }), (bytes) => {
      expect(encodePath(decodePath(Buffer.from(bytes)))).toEqual(Buffer.from(bytes));
    }),
  );
  expect(decodePath(Buffer.from('é/日本'))).toBe('é/日本');
  expect(encodePath('\ud800')).toEqual(Buffer.from('\ufffd'));
});

/** Names without "/" and NUL, from every part of Unicode, and bytes that are not UTF-8 at all. */
const name = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 6 }),
  fc.stringMatching(/^[a-c.\-0]{1,3}$/),
  fc.uint8Array({ minLength: 1, maxLength: 4 }).map((bytes) => decodePath(Buffer.from(bytes))),
);
const safeName = name.filter((text) => !/[/\0\\:~]|^\.{1,2}$|git/i.test(text));
const modes: Mode[] = ['100644', '100755', '120000', '040000', '160000'];
const entry = fc.record({
  name: safeName,
  mode: fc.constantFrom(...modes),
  oid: fc.stringMatching(/^[0-9a-f]{40}$/),
});

test('a tree is read as it was written, in the order of git, whatever the names are.', async () => {
  await using folder = await gitFolder();
  const store = new ObjectStore(await openRepository(folder.dir));
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(entry, { selector: ({ name: text }) => text, maxLength: 12 }),
      async (entries) => {
        const body = treeBody(entries);
        const parsed = parseTree(body);
        expect(new Map(parsed.map((one) => [one.name, one]))).toEqual(
          new Map(entries.map((one) => [one.name, one])),
        );
        expect(treeBody(parsed)).toEqual(body);
        const oid = await store.writeTree(entries);
        expect(await listed(folder, oid)).toEqual(parsed);
      },
    ),
    { numRuns: 30 },
  );
  store.close();
});

test('trees of edits are sound and in the order of git.', async () => {
  await using folder = await gitFolder();
  const store = new ObjectStore(await openRepository(folder.dir));
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(safeName, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 6 }),
      async (paths) => {
        const edits = paths.map((parts): Edit => ({ put: parts.join('/'), content: parts.join('/') }));
        const tree = await applyEdits(store, emptyTree, edits);
        const commit = {
          tree,
          parents: [],
          message: 'x\n',
          author: { name: 'x', email: 'x' },
          at: new Date(0),
        };
        await folder.git('update-ref', 'refs/heads/x', await store.writeCommit(commit));
      },
    ),
    { numRuns: 20 },
  );
  store.close();
  const { code, stdout, stderr } = await folder.gitCode('fsck', '--strict', '--no-dangling', '--no-reflogs');
  expect({ code, found: `${stdout}${stderr}`.replaceAll(/^notice:.*\n/gm, '') }).toEqual({
    code: 0,
    found: '',
  });
});

const path = fc
  .array(fc.constantFrom('a', 'b', 'c.txt', 'é'), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join('/'));
const content = fc.constantFrom('', 'x', 'y\n', 'zz');
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ put: path, content }),
  fc.record({
    put: path,
    oid: fc.constant(blobOid(Buffer.from('x'))),
    mode: fc.constantFrom('100644', '100755'),
  }),
  fc.record({ append: path, content }),
  fc.record({ remove: path }),
);

test('edits do to a tree what they do to a plain map of paths, one after the other.', async () => {
  await using folder = await gitFolder();
  const store = new ObjectStore(await openRepository(folder.dir));
  await store.writeBlob(Buffer.from('x'));
  await fc.assert(
    fc.asyncProperty(
      fc.array(edit, { maxLength: 8 }),
      fc.array(edit, { maxLength: 8 }),
      async (first, second) => {
        const model = new Map<string, File>();
        const base = await applyEdits(store, emptyTree, applied(model, first));
        const tree = await applyEdits(store, base, applied(model, second));
        expect(await filesOf(store, tree)).toEqual(model);
        expect(await applyEdits(store, emptyTree, [...puts(model)])).toBe(tree);
      },
    ),
    { numRuns: 60 },
  );
  store.close();
});

test('large sets of files are stored as one pack, with the same names and modes.', async () => {
  await using folder = await gitFolder();
  const store = new ObjectStore(await openRepository(folder.dir));
  const texts = Array.from({ length: 60 }, (_, n) => `${n % 50}\n`.repeat(10_000 + n * 100 * (n % 2)));
  const base = await applyEdits(store, emptyTree, [
    { put: 'big/0', oid: await store.writeBlob(Buffer.from('x')), mode: '100755' },
  ]);
  const big = texts.map(
    (text, n): Edit => ({ put: `big/${n}`, content: n % 2 === 0 ? text : Buffer.from(text) }),
  );
  const edits: Edit[] = [...big, { put: 'empty', content: '' }, { append: 'big/1', content: 'more' }];
  const tree = await applyEdits(store, base, edits);
  const small = await applyEdits(store, base, edits.slice(0, 20));
  expect(await applyEdits(store, small, edits.slice(20))).toBe(tree);
  const files = await filesOf(store, tree);
  expect(files.get('big/0')).toEqual({ text: texts[0], mode: '100755' });
  expect(files.get('big/1')?.text).toBe(`${texts[1]}more`);
  expect([...files.keys()]).toHaveLength(61);
  store.close();
  expect(await folder.git('count-objects', '-v')).toMatch(/^packs: [1-9]/m);
  await folder.git('update-ref', 'refs/heads/x', await folder.git('commit-tree', '-m', 'x', tree));
  await folder.git('fsck', '--strict', '--no-dangling');
});

test('an append to a name that was a folder until all in it was removed begins a file.', async () => {
  await using folder = await gitFolder({ 'a/b/c.txt': 'x\n' });
  const store = new ObjectStore(await openRepository(folder.dir));
  const tree = await folder.git('rev-parse', 'HEAD^{tree}');
  const edits = [{ remove: 'a/b/c.txt' }, { append: 'a', content: 'file\n' }];
  const files = await filesOf(store, await applyEdits(store, tree, edits));
  expect(files).toEqual(new Map([['a', { text: 'file\n', mode: '100644' }]]));
  store.close();
});

test('an append to a folder is an error, since it would throw the folder away.', async () => {
  await using folder = await gitFolder({ 'a/b.txt': 'x\n' });
  const store = new ObjectStore(await openRepository(folder.dir));
  const tree = await folder.git('rev-parse', 'HEAD^{tree}');
  for (const edits of [
    [{ append: 'a', content: 'x' }],
    [
      { put: 'n/m', content: '' },
      { append: 'n', content: 'x' },
    ],
  ])
    await expect(applyEdits(store, tree, edits)).rejects.toMatchObject({ code: 'not-a-file' });
  store.close();
});

interface File {
  readonly text: string;
  readonly mode: Mode;
}

/** Plays the edits on a map of files, without those that are errors; gives what it played. */
function applied(model: Map<string, File>, edits: readonly Edit[]): Edit[] {
  return edits.filter((one) => {
    if ('append' in one && [...model.keys()].some((file) => file.startsWith(`${one.append}/`))) return false;
    play(model, one);
    return true;
  });
}

function play(model: Map<string, File>, one: Edit): void {
  const target = 'put' in one ? one.put : 'remove' in one ? one.remove : one.append;
  const old = model.get(target);
  for (const file of [...model.keys()]) {
    // A folder goes when a file takes its name; a file goes when a path leads through it.
    const isInside = file.startsWith(`${target}/`);
    if (isInside || (!('remove' in one) && target.startsWith(`${file}/`))) model.delete(file);
  }
  if ('remove' in one) model.delete(target);
  else if ('oid' in one) model.set(target, { text: 'x', mode: one.mode ?? '100644' });
  else
    model.set(target, {
      text: `${'append' in one ? (old?.text ?? '') : ''}${one.content}`,
      mode: old?.mode ?? '100644',
    });
}

function* puts(model: ReadonlyMap<string, File>): Generator<Edit> {
  for (const [put, { text, mode }] of model) yield { put, oid: blobOid(Buffer.from(text)), mode };
}

async function filesOf(store: ObjectStore, tree: string): Promise<Map<string, File>> {
  const snapshot = new Snapshot(store, tree);
  const files = new Map<string, File>();
  for await (const { path: file, entry: found } of snapshot.walk(''))
    files.set(file, { text: (await snapshot.text(file)) ?? '', mode: found.mode });
  return files;
}

async function listed(folder: GitFolder, tree: string): Promise<TreeEntry[]> {
  const { stdout } = await folder.gitCode('-c', 'core.quotePath=true', 'ls-tree', tree);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [, mode, , oid, quoted] = /^(\d+) (\w+) (\w+)\t(.*)$/.exec(line) ?? [];
      return { name: unquoted(quoted ?? ''), mode: mode as Mode, oid: oid ?? '' };
    });
}

/** Undoes the quoting of git: a C string with octal numbers. */
function unquoted(text: string): string {
  if (!text.startsWith('"')) return text;
  const named: Record<string, string> = { a: '\x07', b: '\b', t: '\t', n: '\n', v: '\v', f: '\f', r: '\r' };
  const plain = text
    .slice(1, -1)
    .replaceAll(/\\(\d{3}|.)/g, (_, code: string) =>
      code.length === 3 ? String.fromCharCode(Number.parseInt(code, 8)) : (named[code] ?? code),
    );
  return decodePath(Buffer.from(plain, 'latin1'));
}
