import { describe, expect, test } from 'vitest';
import { commitAt } from '../../src/git/commit-at.ts';
import { openRepository } from '../../src/git/repository.ts';
import { type GitFolder, gitFolder } from '../support/git-folder.ts';
import { outputOf } from '../support/run-process.ts';

/** Commits at these times, one after the other; their ids in this order. */
async function line(times: readonly string[]): Promise<{ folder: GitFolder; commits: string[] }> {
  const folder = await gitFolder();
  const commits: string[] = [];
  for (const time of times) {
    const tree = await folder.git('write-tree');
    const parents = commits.slice(-1).flatMap((commit) => ['-p', commit]);
    const env = { ...folder.env, GIT_COMMITTER_DATE: time, GIT_AUTHOR_DATE: time };
    commits.push(
      await outputOf('git', ['commit-tree', tree, '-m', time, ...parents], { cwd: folder.dir, env }),
    );
  }
  return { folder, commits };
}

describe('the commit of a time', () => {
  const times = [
    '2026-11-01T10:00:00Z',
    '2026-11-02T10:00:00Z',
    '2026-11-02T23:30:00Z',
    '2026-11-05T10:00:00Z',
  ];
  test.each([
    ['2026-11-01', 0],
    ['2026-11-02', 2],
    ['2026-11-04', 2],
    ['2026-11-02T12:00:00Z', 1],
    ['2026-11-02T12:00', 1],
    ['2026-11-02 10:00:00+01:00', 0],
    ['2026-11-02T10:00:00.000Z', 1],
    ['2030-01-01', 3],
  ])('of %s is the last that is not younger.', async (when, wanted) => {
    const { folder, commits } = await line(times);
    await using _held = folder;
    const repository = await openRepository(folder.dir);
    expect(await commitAt(repository, commits.at(-1) ?? null, when)).toBe(commits[wanted]);
  });

  test('is found where a clock has jumped back on the way.', async () => {
    const { folder, commits } = await line([
      '2026-11-01T10:00:00Z',
      '2027-01-01T10:00:00Z',
      '2026-11-03T10:00:00Z',
    ]);
    await using _held = folder;
    const repository = await openRepository(folder.dir);
    expect(await commitAt(repository, commits[2] ?? null, '2026-11-04')).toBe(commits[2]);
    expect(await commitAt(repository, commits[2] ?? null, '2026-11-02')).toBe(commits[0]);
  });

  test.each(['2026-10-31', '2026-02-30', '2026-13-01', 'yesterday-ish', '--all', 'HEAD --all', ''])(
    'is an error with a hint for %j.',
    async (when) => {
      const { folder, commits } = await line(times.slice(0, 2));
      await using _held = folder;
      const repository = await openRepository(folder.dir);
      await expect(commitAt(repository, commits[1] ?? null, when)).rejects.toMatchObject({
        code: 'no-such-commit',
        hint: expect.stringContaining('2026-11-01'),
      });
    },
  );
});
