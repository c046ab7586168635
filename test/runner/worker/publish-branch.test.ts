import { readdir, readFile, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { assignment, attempt, executable, type Workbench, workbench } from './workbench.ts';

const { branch } = assignment;
const token = `ghp_${'a1B2'.repeat(9)}`;

/** Puts another commit on the slot's branch in the remote. */
async function otherHolder(bench: Workbench, text: string): Promise<string> {
  const tree = await bench.truth.git('rev-parse', 'main^{tree}');
  const who = ['-c', 'user.name=Other', '-c', 'user.email=other@example.invalid'];
  const commit = await bench.truth.git(...who, 'commit-tree', tree, '-p', 'main', '-m', text);
  await bench.truth.git('update-ref', `refs/heads/${branch}`, commit);
  return commit;
}

describe('what an agent did with git', () => {
  test.each([
    [
      'commits on its branch',
      'echo a > a; git add a; git commit -qm "By the agent"; echo b > b',
      ['a', 'b'],
      2,
    ],
    ['commits of everything', 'echo a > a; git add a; git commit -qm "By the agent"', ['a'], 1],
    [
      'another branch',
      'git switch -qc elsewhere; echo a > a; git add a; git commit -qm "By the agent"',
      ['a'],
      1,
    ],
    [
      'a detached HEAD',
      'git checkout -q --detach; echo a > a; git add a; git commit -qm "By the agent"',
      ['a'],
      1,
    ],
    [
      'a history of its own',
      'git checkout -q --orphan new; echo a > a; git add a; git commit -qm "By the agent"',
      ['a'],
      1,
    ],
    ['an amended base', 'echo a > a; git add a; git commit -q --amend -m "By the agent"', ['a'], 1],
    [
      'a merge with conflicts',
      'git switch -qc x; echo a > src/one.txt; git commit -qam x; git switch -q -; echo b > src/one.txt; git commit -qam y; git merge -q x',
      ['src/one.txt'],
      2,
    ],
    ['a lost HEAD', 'echo a > a; git symbolic-ref HEAD refs/heads/nowhere', ['a'], 1],
    [
      'a repository of its own',
      'echo a > a; rm .git; git init -q .; git config user.email x@y; git config user.name x; git add -A; git commit -qm own',
      ['a'],
      1,
    ],
    ['no .git', 'echo a > a; rm .git; git add -A', ['a'], 1],
    ['a lock left behind', 'echo a > a; touch "$(git rev-parse --git-dir)/index.lock"', ['a'], 1],
    [
      'a hook that refuses',
      'echo a > a; mkdir h; printf "#!/bin/sh\\nexit 1\\n" > h/pre-commit; chmod +x h/pre-commit; git config core.hooksPath "$PWD/h"; mv h/pre-commit "$(git rev-parse --git-dir)/"; rmdir h',
      ['a'],
      1,
    ],
  ])('leaves the content and its own commits on the base: %s.', async (_, script, files, commits) => {
    await using bench = await workbench({ remote: 'path' });
    const result = await attempt(bench, `${script}; true`);
    expect(result).toMatchObject({ result: 'finished', files_pushed: files, smoke_test_pass: true });
    expect(await bench.truth.git('rev-list', '--count', `main..${branch}`)).toBe(String(commits));
    expect(await bench.truth.git('merge-base', 'main', branch)).toBe(
      await bench.truth.git('rev-parse', 'main'),
    );
    expect(await bench.checkout.git('status', '--porcelain')).toBe('');
    const next = await attempt(bench, 'echo z > z; git status --porcelain', {
      slotId: 'slot-2',
      branch: 'feat/next',
    });
    expect(next).toMatchObject({ result: 'finished', files_pushed: ['z'] });
  });

  test('counts for nothing when the content is the same in the end.', async () => {
    await using bench = await workbench({ remote: 'path' });
    const script = 'echo a > a; git add a; git commit -qm one; git rm -q a; git commit -qm two';
    expect(await attempt(bench, script)).toMatchObject({
      branch_name: null,
      reason: 'the agent changed nothing',
    });
  });
});

describe('a branch that somebody else has moved', () => {
  test('before the attempt began is replaced.', async () => {
    await using bench = await workbench({ remote: 'http' });
    await otherHolder(bench, 'An attempt that failed');
    const result = await attempt(bench, 'echo a > a');
    expect(result).toMatchObject({
      result: 'finished',
      commit_hash: await bench.truth.git('rev-parse', branch),
    });
  });

  test('during the attempt is replaced while the slot is still held.', async () => {
    await using bench = await workbench({ remote: 'http' });
    let asked = 0;
    const stillHeld = async () => {
      asked += 1;
      if (asked <= 2) await otherHolder(bench, `Late ${asked}`);
      return true;
    };
    const result = await attempt(bench, 'echo a > a', {}, { stillHeld });
    expect(asked).toBe(3);
    expect(result).toMatchObject({
      result: 'finished',
      commit_hash: await bench.truth.git('rev-parse', branch),
    });
  });

  test('is left to the new holder when the lease is lost.', async () => {
    await using bench = await workbench({ remote: 'http' });
    let other = '';
    const stillHeld = async () => {
      if (other !== '') return false;
      other = await otherHolder(bench, 'The new holder');
      return true;
    };
    const result = await attempt(bench, 'echo a > a', {}, { stillHeld });
    expect(result).toEqual({ result: 'stopped', reason: 'lease lost' });
    expect(await bench.truth.git('rev-parse', branch)).toBe(other);
  });

  test('and never stops moving is no success, and ends.', async () => {
    await using bench = await workbench({ remote: 'path' });
    let asked = 0;
    const stillHeld = async () => {
      asked += 1;
      await otherHolder(bench, `Late ${asked}`);
      return true;
    };
    expect(await attempt(bench, 'echo a > a', {}, { stillHeld })).toMatchObject({ result: 'broken' });
    expect(asked).toBe(4);
  });
});

test('a lease that is lost before the first push leaves no branch.', async () => {
  await using bench = await workbench({ remote: 'path' });
  const result = await attempt(bench, 'echo a > a', {}, { stillHeld: async () => false });
  expect(result).toEqual({ result: 'stopped', reason: 'lease lost' });
  expect(await bench.truth.git('branch', '--list', 'feat/*')).toBe('');
});

test('a base that moves on during the attempt costs no second upload of its files.', async () => {
  const noise = Array.from(
    { length: 200 },
    (_, at) => [`big/${at}.txt`, `${Math.random()}\n`.repeat(20)] as const,
  );
  let pushed = 0;
  const intercept = ({ method, url, headers }: IncomingMessage) => {
    const push = method === 'POST' && url?.endsWith('git-receive-pack') === true;
    if (push) pushed += Number(headers['content-length'] ?? 1e9);
    return undefined;
  };
  await using bench = await workbench({
    remote: 'http',
    files: Object.fromEntries(noise),
    server: { intercept },
  });
  let moved = false;
  const stillHeld = async () => {
    if (!moved) await bench.advance('elsewhere.txt', 'x\n');
    moved = true;
    return true;
  };
  const result = await attempt(bench, 'echo a > a', {}, { stillHeld });
  expect(result).toMatchObject({ result: 'finished', files_pushed: ['a'] });
  expect(pushed).toBeGreaterThan(0);
  expect(pushed).toBeLessThan(5_000);
});

describe('a secret', () => {
  test.each([
    ['in a new file', `echo "token: ${token}" > .env`, '.env'],
    ['in a line of an old one', `echo "${token}" >> src/one.txt`, 'src/one.txt'],
    ['in a file that looks binary', `printf 'a\\0b ${token}' > blob.bin`, 'blob.bin'],
    [
      'in a commit that takes it out again',
      `echo ${token} > a; git add a; git commit -qm one; echo b > a; git commit -qam two`,
      'a',
    ],
    ['in a message', `echo b > a; git add a; git commit -qm 'Use ${token}'`, 'a commit message'],
    ['that looks like the head of a patch', `printf '++ b/x ${token}\\n' > a`, 'a'],
    ['over several lines', 'printf -- "-----BEGIN RSA PRIVATE KEY-----\\nabc\\n" > key.pem', 'key.pem'],
    ['in a file with a strange name', `echo ${token} > 'ä "q" b'`, 'ä'],
    ['hidden from diffs', `echo '* -diff' > .gitattributes; echo ${token} > a`, 'a'],
  ])('%s is not pushed, and neither the reason nor the transcript holds it.', async (_, script, path) => {
    await using bench = await workbench({ remote: 'path' });
    const result = await attempt(bench, `${script}; echo said ${token}`);
    expect(result).toMatchObject({ result: 'finished', branch_name: null, smoke_test_pass: false });
    expect(result).toMatchObject({ reason: expect.stringContaining(path) });
    expect(result).toMatchObject({ reason: expect.stringMatching(/nothing was pushed$/) });
    expect(JSON.stringify(result)).not.toContain(token);
    expect(await bench.truth.git('branch', '--list', 'feat/*')).toBe('');
    const transcripts = join(bench.workspace.cache, 'work/transcripts');
    for (const name of await readdir(transcripts))
      expect(await readFile(join(transcripts, name), 'utf8')).not.toContain(token);
  });

  test('that was there before, or lies in a huge file, stops nothing.', async () => {
    await using bench = await workbench({ remote: 'path', files: { 'old.txt': `a\n${token}\nb\n` } });
    const script = `echo c >> old.txt; head -c 9000000 /dev/zero > film.bin; echo ${token} >> film.bin`;
    expect(await attempt(bench, script)).toMatchObject({
      branch_name: branch,
      files_pushed: ['film.bin', 'old.txt'],
    });
  });
});

describe('a remote', () => {
  test('that refuses says why, and the attempt is broken.', async () => {
    await using bench = await workbench({ remote: 'path' });
    await executable(bench.truth, 'hooks/pre-receive', '#!/bin/sh\necho "no friday pushes"; exit 1\n');
    const result = await attempt(bench, 'echo a > a');
    expect(result).toMatchObject({
      result: 'broken',
      code: 'push-refused',
      reason: expect.stringContaining('no friday pushes'),
    });
  });

  test('whose answer to the push is lost counts as pushed to.', async () => {
    let lost = 0;
    const intercept = (req: IncomingMessage) => {
      const push = req.method === 'POST' && req.url?.endsWith('git-receive-pack') === true && lost < 1;
      if (push) lost += 1;
      return push ? 'cut-after' : undefined;
    };
    await using bench = await workbench({ remote: 'http', server: { intercept, keepAlive: false } });
    const result = await attempt(bench, 'echo a > a');
    expect(lost).toBe(1);
    expect(result).toMatchObject({
      result: 'finished',
      commit_hash: await bench.truth.git('rev-parse', branch),
    });
  });

  test('that is busy for a moment is asked again; one that is gone makes the attempt broken.', async () => {
    let busy = 0;
    const intercept = (req: IncomingMessage) => {
      if (!(req.method === 'POST' && req.url?.endsWith('git-receive-pack') === true) || busy > 1)
        return undefined;
      busy += 1;
      return { status: 503 };
    };
    await using bench = await workbench({ remote: 'http', server: { intercept } });
    expect(await attempt(bench, 'echo a > a')).toMatchObject({ result: 'finished', branch_name: branch });
    await rm(bench.truth.dir, { recursive: true });
    expect(await attempt(bench, 'echo a > a')).toMatchObject({ result: 'broken' });
  });
});
