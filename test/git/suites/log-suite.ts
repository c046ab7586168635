import { describe, expect, test } from 'vitest';
import type { Edit } from '../../../src/git/edit.ts';
import type { Log } from '../../../src/git/log.ts';
import type { Place } from './places.ts';

interface Race {
  readonly each: number;
  readonly together: number;
}

export interface LogSuite {
  readonly open: (files: Readonly<Record<string, string>>) => Promise<Place>;
  /** Transactions of each of two racing writers, and how many of them are asked for at once. */
  readonly race: Race;
}

const files = {
  'README.md': 'hello\n',
  'log/one.jsonl': '1\n',
  'queue/a.txt': 'a\n',
  'queue/deep/er/b.txt': 'b\n',
};

/** What every log does, wherever its branch lives. */
export function logSuite(name: string, { open, race }: LogSuite): void {
  describe(`a log ${name}`, () => {
    test('puts, appends and removes files in one commit, and lets empty folders vanish.', async () => {
      await using place = await open(files);
      const { log } = await place.writer();
      const done = await write(log, [
        { put: 'state/x/y/z.json', content: '{}\n' },
        { append: 'log/one.jsonl', content: '2\n' },
        { append: 'log/new.jsonl', content: '1\n' },
        { remove: 'queue/deep/er/b.txt' },
        { remove: 'nowhere/at/all.txt' },
      ]);
      expect(done.commit).toBe(await tipOf(place));
      expect(await place.truth.git('ls-tree', '-r', '-t', '--name-only', place.branch)).toBe(
        'README.md\nlog\nlog/new.jsonl\nlog/one.jsonl\nqueue\nqueue/a.txt\nstate\nstate/x\nstate/x/y\nstate/x/y/z.json',
      );
      expect(await content(place, 'log/one.jsonl')).toBe('1\n2');
      expect(await count(place)).toBe(2);
    });

    test('makes no commit when nothing changes, and still gives the value.', async () => {
      await using place = await open(files);
      const { log } = await place.writer();
      const before = await tipOf(place);
      const none = await log.transact({ subject: 'Nothing' }, async (snapshot) => ({
        edits: [],
        value: await snapshot.text('README.md'),
      }));
      const same = await write(log, [{ put: 'README.md', content: 'hello\n' }, { remove: 'absent' }]);
      expect(none).toEqual({ value: 'hello\n', commit: null });
      expect(same.commit).toBeNull();
      expect(await tipOf(place)).toBe(before);
    });

    test('publishes transactions that arrive together as one commit; one that throws fails alone.', async () => {
      await using place = await open(files);
      const { log } = await place.writer();
      const counted = (n: number) =>
        log.transact({ subject: `Add ${n}`, trailers: { Number: `${n}` } }, async (snapshot) => {
          if (n === 2) throw new Error('no thanks');
          const seen = (await snapshot.text('count')) ?? '';
          return { edits: [{ append: 'count', content: `${n}` }], value: seen };
        });
      const [one, two, three] = await Promise.allSettled([counted(1), counted(2), counted(3)]);
      const commit = await tipOf(place);
      expect(one).toEqual({ status: 'fulfilled', value: { value: '', commit } });
      expect(two).toMatchObject({ status: 'rejected', reason: { message: 'no thanks' } });
      expect(three).toEqual({ status: 'fulfilled', value: { value: '1', commit } });
      expect(await content(place, 'count')).toBe('13');
      expect(await count(place)).toBe(2);
      expect(
        await place.truth.git(
          'log',
          '-1',
          '--format=%s|%(trailers:key=Number,valueonly,separator=%x2C)',
          commit,
        ),
      ).toBe('Add 1 (and 1 more)|1,3');
    });

    test('loses nothing when two writers write at the same time.', async () => {
      await using place = await open(files);
      const writers = await Promise.all([place.writer(), place.writer()]);
      await Promise.all(writers.map(({ log }, at) => writeInTurn(log, `w${at}`, race)));
      const lines = (await content(place, 'shared.txt')).split('\n');
      const wanted = writers.flatMap((_, at) => names(`w${at}`, race.each));
      expect(new Set(lines)).toEqual(new Set(wanted));
      expect(lines).toHaveLength(wanted.length);
      expect(await count(place)).toBe((2 * race.each) / race.together + 1);
      await expectSound(place);
    });

    test('gives up at once when the repository refuses, with its words, and changes nothing.', async () => {
      await using place = await open(files);
      const { log, folder } = await place.writer();
      await log.tip();
      const before = await tipOf(place);
      await place.refuseWith('not on a Friday');
      let decisions = 0;
      const refused = log.transact({ subject: 'Refused' }, async () => {
        decisions += 1;
        return { edits: [{ put: 'README.md', content: 'changed\n' }], value: null };
      });
      await expect(refused).rejects.toMatchObject({
        code: 'push-refused',
        message: expect.stringContaining('not on a Friday'),
        hint: expect.stringContaining('hook'),
      });
      expect(decisions).toBe(1);
      expect(await tipOf(place)).toBe(before);
      expect(await folder.read('README.md')).toBe('hello\n');
      expect(await folder.git('status', '--porcelain')).toBe('');
    });

    test('refuses paths that leave the tree or enter a git folder, and writes nothing.', async () => {
      await using place = await open(files);
      const { log } = await place.writer();
      const before = await tipOf(place);
      const unsafe = [
        '../x',
        '/abs',
        'a/../b',
        '.git/config',
        'a/.GIT/hooks/x',
        'a//b',
        'a/',
        '',
        './a',
        'a\0b',
      ];
      const tried = await Promise.allSettled(
        unsafe.map((path) =>
          write(log, [
            { put: 'fine.txt', content: 'x' },
            { put: path, content: 'x' },
          ]),
        ),
      );
      for (const one of tried)
        expect(one).toMatchObject({ status: 'rejected', reason: { code: 'unsafe-path' } });
      expect(await tipOf(place)).toBe(before);
    });

    test('begins the history of an empty repository.', async () => {
      await using place = await open({});
      const { log, folder } = await place.writer();
      expect((await log.tip()).commit).toBeNull();
      await write(log, [{ put: 'first/file.txt', content: 'one\n' }]);
      await write(log, [{ append: 'first/file.txt', content: 'two\n' }]);
      expect(await content(place, 'first/file.txt')).toBe('one\ntwo');
      expect(await count(place)).toBe(2);
      expect(await folder.git('status', '--porcelain')).toBe('');
      await expectSound(place);
    });

    test('keeps names and texts as they are, in any script.', async () => {
      await using place = await open(files);
      const { log, folder } = await place.writer();
      const odd = [
        'é ü/日本語.txt',
        '😀.md',
        '～.md',
        'a b  c',
        '"quoted"',
        "it's",
        'tab\there',
        '-dash',
        'a:b*?[x]',
        'dots...',
      ];
      await write(log, [...odd.map((put) => ({ put, content: `${put} ✓\r\n` }))]);
      const { snapshot } = await log.tip();
      for (const path of odd) expect(await snapshot.text(path)).toBe(`${path} ✓\r\n`);
      const listed = await place.truth.git('ls-tree', '-r', '-z', '--name-only', place.branch);
      expect(listed.split('\0')).toEqual(expect.arrayContaining(odd));
      await write(
        log,
        odd.map((remove) => ({ remove })),
      );
      expect(await folder.git('status', '--porcelain')).toBe('');
      await expectSound(place);
    });
  });
}

function write(log: Log, edits: readonly Edit[]) {
  return log.transact({ subject: 'Write' }, async () => ({ edits, value: null }));
}

function names(writer: string, times: number): string[] {
  return Array.from({ length: times }, (_, n) => `${writer}-${n}`);
}

async function writeInTurn(log: Log, writer: string, { each, together }: Race): Promise<void> {
  const turns = names(writer, each);
  while (turns.length > 0) {
    const edits = turns.splice(0, together).map((name): Edit[] => [
      { append: 'shared.txt', content: `${name}\n` },
      { put: `own/${name}`, content: name },
    ]);
    await Promise.all(edits.map((one) => write(log, one)));
  }
}

async function tipOf(place: Place): Promise<string> {
  return place.truth.git('rev-parse', place.branch);
}

/** Without the line end. */
function content(place: Place, path: string): Promise<string> {
  return place.truth.git('show', `${place.branch}:${path}`);
}

async function count(place: Place): Promise<number> {
  return Number(await place.truth.git('rev-list', '--count', '--first-parent', place.branch));
}

/** One line of history, and nothing that git finds fault with. */
async function expectSound({ truth, branch }: Place): Promise<void> {
  expect(await truth.git('rev-list', '--merges', branch)).toBe('');
  const checked = await truth.gitCode('fsck', '--strict', '--no-progress', '--no-dangling');
  const found = `${checked.stdout}${checked.stderr}`.split('\n').filter((line) => !/^notice:|^$/.test(line));
  expect({ code: checked.code, found }).toEqual({ code: 0, found: [] });
}
