import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openWorkspace } from '../../../src/ledger/workspace.ts';
import { prepareGround } from '../../../src/runner/worker/prepare-ground.ts';
import { releaseWorktree } from '../../../src/runner/worker/worktree.ts';
import { runProcess } from '../../support/run-process.ts';
import { assignment, attempt, type Workbench, workbench } from './workbench.ts';

const signal = new AbortController().signal;
const ground = (bench: Workbench, slotId: string, branch = `feat/${slotId}`) =>
  prepareGround({ workspace: bench.workspace, signal }, { slotId, branch });

describe('the mirror', () => {
  test.each(['true', 'false'])(
    'holds one commit of the base, also where the server says allowFilter=%s.',
    async (allow) => {
      await using bench = await workbench({
        remote: 'http',
        remoteConfig: { 'uploadpack.allowFilter': allow },
      });
      await bench.advance('src/three.txt', 'three\n');
      expect(await attempt(bench, 'echo x > x')).toMatchObject({ result: 'finished', files_pushed: ['x'] });
      const dir = join(bench.workspace.cache, 'mirror.git');
      expect(await readFile(join(dir, 'shallow'), 'utf8')).toMatch(/^[0-9a-f]{40}\n$/);
      expect(
        await bench.checkout.git('--git-dir', dir, 'rev-list', '--count', 'refs/remotes/origin/main'),
      ).toBe('1');
      expect(await bench.checkout.git('--git-dir', dir, 'fsck', '--connectivity-only', '--no-dangling')).toBe(
        '',
      );
    },
  );

  test('never transfers the history, shows none of it to the agent, and leaves it as it is.', async () => {
    const line = 'state/outcome/2026-11/0001.jsonl';
    const files = { [line]: 'a line of history\n', 'queue/slots/s9.json': '{}\n', 'state/README.md': 'x\n' };
    const remoteConfig = { 'uploadpack.allowFilter': 'true' };
    await using bench = await workbench({ remote: 'http', files, remoteConfig });
    const script = `test ! -e ${line} && test ! -e queue/slots && test -e state/README.md && mkdir -p queue/slots && echo 1 > queue/slots/mine.json`;
    expect(await attempt(bench, script)).toMatchObject({
      result: 'finished',
      files_pushed: ['queue/slots/mine.json'],
    });
    expect(await bench.truth.git('show', `feat/thought-t1-v1:${line}`)).toBe('a line of history');
    const dir = join(bench.workspace.cache, 'mirror.git');
    const blob = await bench.truth.git('rev-parse', `main:${line}`);
    const missing = await bench.checkout.git(
      '--git-dir',
      dir,
      'rev-list',
      '--objects',
      '--missing=print',
      'refs/remotes/origin/main',
    );
    expect(missing).toContain(`?${blob}`);
  });

  test('takes over how the workspace reaches its remote, and keeps it to this user.', async () => {
    const helper = '!f() { test "$1" = get && echo username=ann && echo "password=p \\"w\\" #1"; }; f';
    const server = { user: 'ann', password: 'p "w" #1' };
    const config = { 'credential.URL.helper': helper, 'http.URL/.extraHeader': 'X-Test: "a\\b"\t;c' };
    await using bench = await workbench({ remote: 'http', server, config });
    expect(await attempt(bench, 'echo x > x')).toMatchObject({ result: 'finished', files_pushed: ['x'] });
    const dir = join(bench.workspace.cache, 'mirror.git');
    const asked = await bench.checkout.git(
      '--git-dir',
      dir,
      'config',
      '--get-regexp',
      '^http\\..*extraheader$',
    );
    expect(asked).toMatch(/X-Test: "a\\b"\t;c$/);
    expect((await stat(join(dir, 'workspace-settings'))).mode & 0o777).toBe(0o600);
    await bench.checkout.git('config', '--unset-all', `http.${await origin(bench)}/.extraHeader`);
    await attempt(bench, 'echo x > x', { token: 8 });
    expect(
      (
        await runProcess('git', ['--git-dir', dir, 'config', '--get-regexp', 'extraheader'], {
          env: bench.checkout.env,
        })
      ).code,
    ).toBe(1);
  });

  test('without the credentials of its remote makes the attempt broken, not finished.', async () => {
    await using bench = await workbench({ remote: 'http', server: { user: 'ann', password: 'x' } });
    const result = await attempt(bench, 'echo x > x');
    expect(result).toMatchObject({ result: 'broken', code: 'remote-credentials' });
    await rm(bench.workspace.cache, { recursive: true });
    expect(await attempt(bench, 'echo x > x')).toMatchObject({ result: 'broken' });
  });

  test.each([
    ['HEAD', (dir: string) => rm(join(dir, 'HEAD'))],
    ['its objects', (dir: string) => rm(join(dir, 'objects'), { recursive: true })],
    ['its settings', (dir: string) => rm(join(dir, 'workspace-settings'))],
    ['everything', (dir: string) => rm(dir, { recursive: true })],
    ['sense in its list of shallow commits', (dir: string) => writeFile(join(dir, 'shallow'), 'x')],
    ['sense in its config', (dir: string) => writeFile(join(dir, 'config'), '[core')],
  ])('that has lost %s is made anew.', async (_, damage) => {
    await using bench = await workbench({ remote: 'path' });
    await attempt(bench, 'echo x > x');
    await damage(join(bench.workspace.cache, 'mirror.git'));
    const refs = await bench.checkout.git('for-each-ref');
    expect(await attempt(bench, 'echo y > y')).toMatchObject({ result: 'finished', files_pushed: ['y'] });
    expect(await bench.checkout.git('for-each-ref')).toBe(refs);
    expect(await bench.checkout.git('rev-parse', '--is-shallow-repository')).toBe('false');
  });

  test('that is broken is left alone while another slot is worked on.', async () => {
    await using bench = await workbench({ remote: 'path' });
    const other = await ground(bench, 'other');
    await rm(join(bench.workspace.cache, 'mirror.git', 'config'));
    await writeFile(join(bench.workspace.cache, 'mirror.git', 'config'), '[core');
    expect(await attempt(bench, 'echo x > x')).toMatchObject({ result: 'broken' });
    expect(await readdir(other.worktree.path)).toContain('millwright.yaml');
  });

  test('is found under a relative address too.', async () => {
    await using bench = await workbench({ remote: 'path' });
    await bench.checkout.git('remote', 'set-url', 'origin', await relativeTo(bench));
    const workspace = await openWorkspace(bench.checkout.dir);
    const result = await attempt({ ...bench, workspace }, 'echo x > x');
    workspace.close();
    expect(result).toMatchObject({ result: 'finished', branch_name: assignment.branch });
  });
});

async function origin({ workspace }: Workbench): Promise<string> {
  return new URL(workspace.remote?.address ?? '').origin;
}

async function relativeTo({ checkout, truth }: Workbench): Promise<string> {
  return relative(checkout.dir, truth.dir);
}

describe('work trees', () => {
  test('are one for each slot at a time, and are used again.', async () => {
    await using bench = await workbench({ remote: 'path' });
    const many = await Promise.all(['a', 'b', 'c'].map((slot) => ground(bench, slot)));
    expect(many.map(({ worktree }) => worktree.path.at(-1)).sort()).toEqual(['1', '2', '3']);
    for (const { worktree } of many) expect(await readdir(worktree.path)).toContain('millwright.yaml');
    const [first] = many;
    if (first === undefined) throw new Error('no ground');
    await releaseWorktree(first.worktree);
    expect((await ground(bench, 'd')).worktree.path).toBe(first.worktree.path);
    expect(await bench.checkout.git('-C', first.worktree.path, 'branch', '--list', 'feat/a')).toBe('');
    expect((await ground(bench, 'e')).worktree.path.at(-1)).toBe('4');
  });

  test('share no branch, when a late attempt still has it.', async () => {
    await using bench = await workbench({ remote: 'path' });
    const branchOf = async (path: string) => bench.checkout.git('-C', path, 'branch', '--show-current');
    const [first, second] = [await ground(bench, 'a'), await ground(bench, 'a')];
    expect(await branchOf(first.worktree.path)).toBe('feat/a');
    expect(await branchOf(second.worktree.path)).toBe('feat/a-2');
  });

  test.each([
    ['a folder without .git', (path: string) => rm(join(path, '.git'))],
    [
      'a file in place of the folder',
      async (path: string) => {
        await rm(path, { recursive: true });
        await writeFile(path, 'x');
      },
    ],
    ['nothing', (path: string) => rm(path, { recursive: true })],
    ['a .git of another repository', (path: string) => writeFile(join(path, '.git'), 'gitdir: /nowhere\n')],
  ])('are made anew when there is %s.', async (_, damage) => {
    await using bench = await workbench({ remote: 'path' });
    const first = await ground(bench, 'a');
    await releaseWorktree(first.worktree);
    await damage(first.worktree.path);
    expect(await attempt(bench, 'echo x > x')).toMatchObject({ result: 'finished', files_pushed: ['x'] });
  });

  test('of two processes never are the same one.', async () => {
    await using bench = await workbench({ remote: 'http' });
    const other = await openWorkspace(bench.checkout.dir);
    const results = await Promise.all(
      [bench.workspace, other, bench.workspace, other].map((workspace, at) =>
        attempt({ ...bench, workspace }, `echo ${at} > x; sleep 0.3`, {
          slotId: `s${at}`,
          branch: `feat/s${at}`,
        }),
      ),
    );
    other.close();
    for (const [at, result] of results.entries()) {
      expect(result).toMatchObject({ result: 'finished', branch_name: `feat/s${at}` });
      expect(await bench.truth.git('show', `feat/s${at}:x`)).toBe(String(at));
    }
  });
});
