import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commitMessage } from '../../src/git/commit-message.ts';
import { emptyTree, ObjectStore } from '../../src/git/object-store.ts';
import { openRepository } from '../../src/git/repository.ts';
import { type GitFolder, gitFolder } from '../support/git-folder.ts';

const nonce = /^[0-9a-f]{16}$/;

describe('a commit message', () => {
  test('has the subject, the body and the trailers, with a nonce as the last.', () => {
    const message = commitMessage([
      { subject: 'Take two', body: 'Why.\n\nBecause.\n', trailers: { Worker: 'w1' } },
    ]);
    const [subject, ...rest] = message.split('\n');
    expect(subject).toBe('Take two');
    expect(rest.join('\n')).toMatch(/^\nWhy\.\n\nBecause\.\n\nWorker: w1\nMillwright-Nonce: [0-9a-f]{16}\n$/);
  });

  test('names every transaction of a group and keeps all their trailers.', () => {
    const message = commitMessage([
      { subject: 'One', body: 'not kept', trailers: { Id: '1' } },
      { subject: 'Two', trailers: { Id: '2' } },
    ]);
    expect(message).toMatch(
      /^One \(and 1 more\)\n\n- One\n- Two\n\nId: 1\nId: 2\nMillwright-Nonce: [0-9a-f]{16}\n$/,
    );
  });

  test('is never the same twice.', () => {
    const words = [{ subject: 'Same' }];
    expect(commitMessage(words)).not.toBe(commitMessage(words));
  });

  test('cuts a long subject between characters, and has one even without.', () => {
    expect(commitMessage([{ subject: '😀'.repeat(200) }]).split('\n')[0]).toBe('😀'.repeat(100));
    for (const group of [[], [{ subject: ' \n\r' }]])
      expect(commitMessage(group).split('\n')[0]).toBe('Update the ledger');
  });
});

describe('words from outside', () => {
  test('cannot add a trailer, a header or a second subject, as git itself reads it.', async () => {
    await using folder = await gitFolder();
    const store = new ObjectStore(await openRepository(folder.dir));
    const evil = 'x\n\nEvil: yes\nparent: 1\r\nEvil: yes\0Evil: yes';
    const line = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.constant(evil),
      fc.constant('---\nEvil: yes\n'),
    );
    const words = fc.record({
      subject: line,
      body: line,
      trailers: fc.dictionary(line, line, { maxKeys: 2 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(words, { minLength: 1, maxLength: 3 }), line, async (group, name) => {
        const author = { name, email: name };
        const at = new Date(0);
        const commit = await store.writeCommit({
          tree: emptyTree,
          parents: [],
          message: commitMessage(group),
          author,
          at,
        });
        const trailers = await trailersOf(folder, commit);
        const given = group.flatMap((one) => Object.keys(one.trailers));
        expect(trailers).toHaveLength(given.length + 1);
        expect(trailers.at(-1)?.[0]).toBe('Millwright-Nonce');
        expect(trailers.at(-1)?.[1]).toMatch(nonce);
        expect(trailers.filter(([key]) => key === 'Evil')).toHaveLength(
          given.filter((key) => key === 'Evil').length,
        );
        expect(await folder.git('log', '-1', '--format=%P', commit)).toBe('');
      }),
      { numRuns: 25 },
    );
    store.close();
    await folder.git('fsck', '--strict', '--no-dangling');
    expect((await folder.gitCode('fsck', '--strict', '--no-dangling')).stderr).not.toMatch(/warning|error/);
  });
});

async function trailersOf(folder: GitFolder, commit: string): Promise<string[][]> {
  const raw = await folder.git(
    'log',
    '-1',
    '--format=%(trailers:only,unfold,separator=%x00,key_value_separator=%x01)',
    commit,
  );
  return raw.split('\0').map((trailer) => trailer.split('\x01'));
}
