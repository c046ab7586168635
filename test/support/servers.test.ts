import type { IncomingMessage } from 'node:http';
import { basename, dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bareRemote, type GitFolder, gitFolder } from './git-folder.ts';
import { type HttpGitServerOptions, httpGitServer } from './http-git-server.ts';
import { sshGitServer } from './ssh-git-server.ts';

describe('a git folder', () => {
  test('holds the given files as the first commit of its branch, by the test author.', async () => {
    await using folder = await gitFolder({ 'a.txt': 'one\n', 'deep/b.txt': 'two\n' }, { branch: 'trunk' });
    expect(await folder.git('ls-tree', '-r', '--name-only', 'trunk')).toBe('a.txt\ndeep/b.txt');
    expect(await folder.git('status', '--porcelain')).toBe('');
    expect(await folder.git('log', '--format=%an <%ae>')).toBe('Test Author <test@example.invalid>');
    expect(await folder.read('deep/b.txt')).toBe('two\n');
  });

  test('has no commit when it is given no files.', async () => {
    await using folder = await gitFolder();
    expect((await folder.gitCode('rev-parse', '--verify', 'HEAD')).code).toBe(128);
  });

  test('commits files into a bare repository as well.', async () => {
    await using folder = await gitFolder({ 'a.txt': 'one\n' }, { bare: true });
    expect(await folder.git('rev-parse', '--is-bare-repository')).toBe('true');
    expect(await folder.git('show', 'main:a.txt')).toBe('one');
    expect(await folder.exists('a.txt')).toBe(false);
  });

  test('leaves the identity unset when asked to, and still has its first commit.', async () => {
    await using folder = await gitFolder({ 'a.txt': 'one\n' }, { identity: false });
    expect((await folder.gitCode('config', 'user.email')).code).toBe(1);
    expect(await folder.git('rev-list', '--count', 'HEAD')).toBe('1');
  });

  test('reads only the configuration of the repository itself.', async () => {
    await using folder = await gitFolder();
    const scopes = await folder.git('config', '--list', '--show-scope');
    expect(new Set(scopes.split('\n').map((line) => line.split('\t')[0]))).toEqual(new Set(['local']));
    expect(await folder.git('config', 'gc.auto')).toBe('0');
    expect(await folder.git('config', 'maintenance.auto')).toBe('false');
  });

  test('rejects with the error text of git when git fails.', async () => {
    await using folder = await gitFolder();
    await expect(folder.git('checkout', 'nowhere')).rejects.toThrow(/pathspec 'nowhere' did not match/);
  });

  test('is gone after its disposal.', async () => {
    const folder = await gitFolder({ 'a.txt': 'one\n' });
    expect(await folder.exists('a.txt')).toBe(true);
    await folder[Symbol.asyncDispose]();
    expect(await folder.exists('.')).toBe(false);
  });
});

describe('a bare remote', () => {
  test('takes a push by its path and gives it back to a clone.', async () => {
    await using remote = await bareRemote();
    await expectPushAndClone(remote.dir, {});
    expect(await remote.git('rev-list', '--count', 'main')).toBe('1');
  });
});

describe('the http server', () => {
  test('takes a push and gives it back to a clone.', async () => {
    await using served = await serveRemote();
    await expectPushAndClone(served.url, {});
    expect(served.server.requests.map(({ method, url }) => `${method} ${url}`)).toContain(
      'POST /remote.git/git-receive-pack',
    );
  });

  test('takes a push that git sends in chunks because it is large.', async () => {
    await using served = await serveRemote();
    // Digits that do not compress well, far more than http.postBuffer.
    const text = Array.from({ length: 20_000 }, (_, n) => Math.sin(n)).join('\n');
    await using folder = await gitFolder({ 'large.txt': text });
    await folder.git('-c', 'http.postBuffer=65536', 'push', served.url, 'main');
    expect(await served.remote.git('rev-parse', 'main')).toBe(await folder.git('rev-parse', 'main'));
  });

  test('takes a fetch request that git has compressed.', async () => {
    const encodings: unknown[] = [];
    const intercept = (req: IncomingMessage) => {
      encodings.push(req.headers['content-encoding']);
      return undefined;
    };
    await using served = await serveRemote({ intercept });
    await using source = await gitFolder({ 'a.txt': 'one\n' });
    await source.git('push', '-q', served.url, ...(await manyBranches(source, 30)));
    await using target = await gitFolder();
    await target.git('-c', 'protocol.version=0', 'fetch', '-q', served.url, 'refs/heads/*:refs/heads/*');
    expect(encodings).toContain('gzip');
    expect(await target.git('for-each-ref')).toBe(await served.remote.git('for-each-ref'));
  });

  test('speaks version 2 of the protocol when the client asks for it.', async () => {
    await using served = await serveRemote();
    const headers = { 'Git-Protocol': 'version=2' };
    const answer = await fetch(`${served.url}/info/refs?service=git-upload-pack`, { headers });
    expect(await answer.text()).toContain('version 2');
    expect(Date.parse(answer.headers.get('date') ?? '')).toBeGreaterThan(Date.now() - 60_000);
  });

  test('answers a repository that is not there with 404.', async () => {
    await using served = await serveRemote();
    const answer = await fetch(`${served.server.url}/none.git/info/refs?service=git-upload-pack`);
    expect(answer.status).toBe(404);
  });

  test('sends the answer of a repository that does not read the whole request.', async () => {
    await using served = await serveRemote();
    const body = Buffer.alloc(4_000_000);
    const answer = await fetch(`${served.server.url}/none.git/git-receive-pack`, { method: 'POST', body });
    expect(answer.status).toBe(404);
  });

  test('takes a push and a clone with the right password.', async () => {
    await using served = await serveRemote({ user: 'ann', password: 'a secret' });
    await expectPushAndClone(withPassword(served.url, 'ann', 'a secret'), {});
  });

  test('refuses a wrong password and a missing one.', async () => {
    await using served = await serveRemote({ user: 'ann', password: 'a secret' });
    await using folder = await gitFolder({ 'a.txt': 'one\n' });
    const wrong = await folder.gitCode('push', withPassword(served.url, 'ann', 'a guess'), 'main');
    expect(wrong).toMatchObject({ code: 128, stderr: expect.stringContaining('Authentication failed') });
    const missing = await folder.gitCode('push', served.url, 'main');
    expect(missing).toMatchObject({ code: 128, stderr: expect.stringContaining('could not read Username') });
    expect(await served.remote.git('for-each-ref')).toBe('');
  });

  test('can answer in place of the repository.', async () => {
    await using served = await serveRemote({ intercept: () => ({ status: 503, body: 'Closed.\n' }) });
    await using folder = await gitFolder({ 'a.txt': 'one\n' });
    const { code, stderr } = await folder.gitCode('push', served.url, 'main');
    expect({ code, stderr }).toEqual({ code: 128, stderr: expect.stringContaining('503') });
  });

  test('makes a push fail and leaves the branch alone when it cuts the request.', async () => {
    await using served = await serveRemote({ intercept: (req) => (isPush(req) ? 'cut' : undefined) });
    await using folder = await gitFolder({ 'a.txt': 'one\n' });
    const { code, stderr } = await folder.gitCode('push', served.url, 'main');
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('RPC failed') });
    expect(await served.remote.git('for-each-ref')).toBe('');
  });

  test('makes a push fail although the branch has moved when it loses the answer.', async () => {
    await using served = await serveRemote({ intercept: (req) => (isPush(req) ? 'cut-after' : undefined) });
    await using folder = await gitFolder({ 'a.txt': 'one\n' });
    const { code, stderr } = await folder.gitCode('push', served.url, 'main');
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('RPC failed') });
    expect(await served.remote.git('rev-parse', 'main')).toBe(await folder.git('rev-parse', 'main'));
  });

  test('gets a lost push once only when it does not keep connections alive.', async () => {
    const intercept = (req: IncomingMessage) => (isPush(req) ? 'cut-after' : undefined);
    await using served = await serveRemote({ keepAlive: false, intercept });
    await using folder = await gitFolder({ 'a.txt': 'one\n' });
    expect((await folder.gitCode('push', served.url, 'main')).code).toBe(1);
    expect(served.server.requests.map(({ method }) => method)).toEqual(['GET', 'POST']);
  });

  test('closes the connections that are still open when it stops, and may be stopped twice.', async () => {
    await using served = await serveRemote({ intercept: () => new Promise(() => undefined) });
    const pending = fetch(served.url).then(
      () => 'answered',
      () => 'closed',
    );
    await expect.poll(() => served.server.requests.length).toBe(1);
    await served.server.stop();
    expect(await pending).toBe('closed');
    await expect(fetch(served.url)).rejects.toThrow();
  });
});

describe('the ssh server', () => {
  test('takes a push and gives it back to a clone.', async () => {
    await using remote = await bareRemote();
    await using server = await sshGitServer();
    await expectPushAndClone(server.url(remote.dir), server.env);
    expect(await remote.git('rev-list', '--count', 'main')).toBe('1');
  });

  test('refuses a client without the key.', async () => {
    await using remote = await bareRemote();
    await using server = await sshGitServer();
    await using stranger = await sshGitServer();
    await using folder = await gitFolder({ 'a.txt': 'one\n' }, { env: stranger.env });
    const { code, stderr } = await folder.gitCode('push', server.url(remote.dir), 'main');
    expect({ code, stderr }).toEqual({ code: 128, stderr: expect.stringContaining('Permission denied') });
  });

  test('is gone after it is stopped, and may be stopped twice.', async () => {
    await using remote = await bareRemote();
    await using server = await sshGitServer();
    await using folder = await gitFolder({ 'a.txt': 'one\n' }, { env: server.env });
    await server.stop();
    expect((await folder.gitCode('ls-remote', server.url(remote.dir))).code).toBe(128);
  });
});

async function expectPushAndClone(url: string, env: Readonly<Record<string, string>>): Promise<void> {
  await using source = await gitFolder({ 'a.txt': 'one\n' }, { env });
  await source.git('push', '-q', url, 'main');
  await using target = await gitFolder({}, { env });
  await target.git('clone', '-q', url, 'copy');
  expect(await target.read('copy/a.txt')).toBe('one\n');
}

async function serveRemote(options: Omit<HttpGitServerOptions, 'root'> = {}) {
  const remote = await bareRemote();
  const server = await httpGitServer({ root: dirname(remote.dir), ...options });
  return {
    remote,
    server,
    url: `${server.url}/${basename(remote.dir)}`,
    async [Symbol.asyncDispose]() {
      await server.stop();
      await remote[Symbol.asyncDispose]();
    },
  };
}

function withPassword(url: string, user: string, password: string): string {
  return Object.assign(new URL(url), { username: user, password }).href;
}

function isPush({ method, url = '' }: IncomingMessage): boolean {
  return method === 'POST' && url.endsWith('/git-receive-pack');
}

/** Makes one commit per branch and returns what to push: a fetch of them all is a long request. */
async function manyBranches(folder: GitFolder, count: number): Promise<string[]> {
  const names = Array.from({ length: count }, (_, n) => `branch-${n}`);
  for (const name of names) await folder.git('commit', '-q', '--allow-empty', '-m', name);
  return names.map((name, n) => `HEAD~${n}:refs/heads/${name}`);
}
