import { describe, expect, test } from 'vitest';
import { findRemote, isDistant } from '../../src/git/find-remote.ts';
import { openRepository } from '../../src/git/repository.ts';
import { gitFolder } from '../support/git-folder.ts';

describe('pushes to an address count against a budget', () => {
  test.each([
    'https://github.com/a/b.git',
    'http://10.0.0.7/a.git',
    'ssh://git@example.com:22/a.git',
    'git@github.com:a/b.git',
    'example.com:a/b.git',
    'ssh://git@[2001:db8::1]/a.git',
    'git@[2001:db8::1]:a.git',
    'https://user:pa:ss@example.com/a.git',
    'ssh://host:not-a-port/a.git',
    'git://localhost.example.com/a.git',
  ])('when it is elsewhere: %s', (address) => {
    expect(isDistant(address)).toBe(true);
  });

  test.each([
    '/srv/git/a.git',
    './a.git',
    '../a:b.git',
    '~/a.git',
    'file:///srv/a.git',
    'http://127.0.0.1:8080/a.git',
    'http://localhost/a.git',
    'HTTP://LOCALHOST/a.git',
    'ssh://git@[::1]:22/a.git',
    'ssh://git@Localhost/a.git',
    'git@localhost:a.git',
    '127.0.0.1:a.git',
    '[::1]:a.git',
    '',
  ])('but not when it is here: %j', (address) => {
    expect(isDistant(address)).toBe(false);
  });
});

describe('the remote of a workspace', () => {
  test('is origin unless the settings say otherwise, at the address where git would push.', async () => {
    await using folder = await gitFolder();
    const repository = await openRepository(folder.dir);
    expect(await findRemote(repository, undefined)).toBeUndefined();
    await folder.git('remote', 'add', 'origin', 'https://example.com/a.git');
    await folder.git('config', 'remote.origin.pushurl', '/srv/a.git');
    await folder.git('remote', 'add', 'team', 'gh:a.git');
    await folder.git('config', 'url.https://github.com/.insteadOf', 'gh:');
    expect(await findRemote(repository, undefined)).toEqual({
      remote: 'origin',
      address: '/srv/a.git',
      distant: false,
    });
    expect(await findRemote(repository, 'team')).toEqual({
      remote: 'team',
      address: 'https://github.com/a.git',
      distant: true,
    });
    expect(await findRemote(repository, false)).toBeUndefined();
  });

  test('that the settings name but git does not know is kept, so that the first use says so.', async () => {
    await using folder = await gitFolder();
    const repository = await openRepository(folder.dir);
    expect(await findRemote(repository, 'nobody')).toMatchObject({ remote: 'nobody', address: 'nobody' });
  });
});

describe('a folder', () => {
  test('that is not in a repository, or not there, is an error that says so.', async () => {
    await using folder = await gitFolder();
    await expect(openRepository(`${folder.dir}/..`)).rejects.toMatchObject({ code: 'no-repository' });
    await expect(openRepository(`${folder.dir}/nowhere`)).rejects.toMatchObject({
      code: 'no-repository',
      message: expect.stringContaining('nowhere'),
    });
  });

  test('in a repository with other object names is refused.', async () => {
    await using folder = await gitFolder();
    await folder.git('init', '-q', '--object-format=sha256', 'other');
    await expect(openRepository(`${folder.dir}/other`)).rejects.toMatchObject({ code: 'object-format' });
  });

  test('below the top, in a linked work tree or without a work tree is found with all its parts.', async () => {
    await using folder = await gitFolder({ 'a/b/c.txt': 'x\n' });
    const main = {
      root: folder.dir,
      gitDir: `${folder.dir}/.git`,
      commonDir: `${folder.dir}/.git`,
      bare: false,
    };
    expect(await openRepository(`${folder.dir}/a/b`)).toEqual(main);
    await folder.git('worktree', 'add', '-q', '--detach', 'tree');
    expect(await openRepository(`${folder.dir}/tree/a`)).toEqual({
      root: `${folder.dir}/tree`,
      gitDir: `${folder.dir}/.git/worktrees/tree`,
      commonDir: `${folder.dir}/.git`,
      bare: false,
    });
    await using bare = await gitFolder({}, { bare: true });
    expect(await openRepository(bare.dir)).toEqual({
      root: bare.dir,
      gitDir: bare.dir,
      commonDir: bare.dir,
      bare: true,
    });
  });
});
