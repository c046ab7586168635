import { basename, dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/contracts/clock.ts';
import type { OpenOptions } from '../../src/ledger/workspace.ts';
import type { Check } from '../../src/runner/doctor/check.ts';
import { examine } from '../../src/runner/examine.ts';
import { copyWorkspace, freshWorkspace, inWorkspace } from '../e2e/prepared-workspace.ts';
import { bareRemote, type GitFolder, gitFolder } from '../support/git-folder.ts';
import { type HttpGitServerOptions, httpGitServer } from '../support/http-git-server.ts';

let prepared: GitFolder;
beforeAll(async () => {
  prepared = await freshWorkspace();
});
afterAll(() => prepared[Symbol.asyncDispose]());

async function checkOf(
  folder: GitFolder,
  name: string,
  options: OpenOptions = {},
): Promise<Check | undefined> {
  const checks = await inWorkspace(folder.dir, ({ workspace }) => examine(workspace), options);
  return checks.find((check) => check.name === name);
}

/** A workspace whose origin is served over http and has the branch. */
async function served(options: Omit<HttpGitServerOptions, 'root'> = {}) {
  const [folder, remote] = await Promise.all([copyWorkspace(prepared), bareRemote()]);
  await folder.git('push', '-q', remote.dir, 'main');
  const server = await httpGitServer({ root: dirname(remote.dir), ...options });
  await folder.git('remote', 'add', 'origin', `${server.url}/${basename(remote.dir)}`);
  return {
    folder,
    [Symbol.asyncDispose]: async () => {
      await server.stop();
      await Promise.all([folder[Symbol.asyncDispose](), remote[Symbol.asyncDispose]()]);
    },
  };
}

describe('what a pass relies on', () => {
  test('a shallow clone is named, with the command that completes it.', async () => {
    await using folder = await gitFolder();
    await folder.git('fetch', '-q', '--depth', '1', `file://${prepared.dir}`, 'main');
    await folder.git('reset', '-q', '--hard', 'FETCH_HEAD');
    // A clone of one commit is complete; it is the mark that counts.
    await folder.write('.git/shallow', `${await folder.git('rev-parse', 'HEAD')}\n`);
    expect(await checkOf(folder, 'history')).toMatchObject({
      verdict: 'warning',
      hint: expect.stringContaining('git fetch --unshallow'),
    });
  });

  test('missing attributes, by which git could change line ends of records, are named.', async () => {
    await using folder = await copyWorkspace(prepared);
    await folder.write('.gitattributes', '');
    expect(await checkOf(folder, 'line ends')).toMatchObject({
      verdict: 'warning',
      hint: expect.stringContaining('millwright init'),
    });
  });

  test('a remote that answers and lets push is in order.', async () => {
    await using place = await served();
    expect(await checkOf(place.folder, 'remote')).toMatchObject({
      verdict: 'ok',
      detail: expect.stringContaining('answers, main is at'),
    });
  });

  test('a remote that has no ledger branch yet is no fault, and the examination does not create it.', async () => {
    await using folder = await copyWorkspace(prepared);
    await using remote = await bareRemote();
    await folder.git('remote', 'add', 'origin', remote.dir);
    const looking = { lookOnly: true };
    expect(await checkOf(folder, 'remote', looking)).toMatchObject({
      verdict: 'warning',
      hint: 'the first pass creates it',
    });
    expect(await remote.git('for-each-ref')).toBe('');
  });

  test('a token that may read and not write is found out without a push that changes anything.', async () => {
    await using place = await served({
      intercept: (req) => (req.url?.includes('git-receive-pack') === true ? { status: 403 } : undefined),
    });
    expect(await checkOf(place.folder, 'remote')).toMatchObject({
      verdict: 'failed',
      detail: expect.stringContaining('can be read but not pushed to'),
      hint: expect.stringContaining('may write'),
    });
  });

  test.each([
    [0, 'ok', /^within 0 s of the server$|^within 1 s of the server$/],
    [600, 'warning', /^(?:599|600|601) s ahead of the server$/],
    [-600, 'warning', /^(?:599|600|601) s behind the server$/],
  ])('a clock that is %i s off the server gets "%s".', async (seconds, verdict, detail) => {
    await using place = await served();
    const clock = { ...systemClock, now: () => new Date(Date.now() + seconds * 1_000) };
    expect(await checkOf(place.folder, 'clock', { clock })).toMatchObject({
      verdict,
      detail: expect.stringMatching(detail),
    });
  });
});
