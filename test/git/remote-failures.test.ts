import { describe, expect, test } from 'vitest';
import { hasCode } from '../../src/contracts/millwright-error.ts';
import { remoteFailure } from '../../src/git/remote-failure.ts';
import { gitFolder } from '../support/git-folder.ts';
import { sshGitServer } from '../support/ssh-git-server.ts';
import { byHttp, byPath, openWriter, type RemoteAddress, remotePlace, type Writer } from './suites/places.ts';

describe('a remote that cannot be used', () => {
  test('is an error about credentials when the password is missing or wrong.', async () => {
    const locked = byHttp({ user: 'ann', password: 'right' });
    await using place = await remotePlace({}, async (remote) => ({ ...(await locked(remote)), config: '' }));
    const { folder } = await place.writer();
    const url = await folder.git('remote', 'get-url', 'origin');
    await expectFailure({ url }, 'remote-credentials');
    const wrong = Object.assign(new URL(url), { username: 'ann', password: 'wrong' }).href;
    const message = await expectFailure({ url: wrong }, 'remote-credentials');
    expect(message).not.toContain('wrong');
    await expectFailure({ url: Object.assign(new URL(url), { username: 'ann' }).href }, 'remote-credentials');
  });

  test('is an error about the repository when there is none at its address.', async () => {
    let base = '';
    await using _ = await remotePlace(
      {},
      byHttp({}, (server) => (base = server.url)),
    );
    await expectFailure({ url: `${base}/nothing.git` }, 'remote-missing');
    await expectFailure({ url: '/nowhere/nothing.git' }, 'remote-missing');
    await expectFailure({ url: 'file:///nowhere/nothing.git' }, 'remote-missing');
  });

  test('is an error about the network when nobody listens.', async () => {
    let base = '';
    {
      await using _ = await remotePlace(
        {},
        byHttp({}, (server) => (base = server.url)),
      );
    }
    await expectFailure({ url: `${base}/remote.git` }, 'remote-unreachable', 'back-off');
    await expectFailure({ url: 'http://nowhere.invalid/x.git' }, 'remote-unreachable', 'back-off');
  });

  test('is told apart over ssh as well.', async () => {
    await using server = await sshGitServer();
    await using stranger = await sshGitServer();
    await expectFailure({ url: server.url('/nowhere/x.git'), env: server.env }, 'remote-missing');
    await expectFailure({ url: server.url('/nowhere/x.git'), env: stranger.env }, 'remote-credentials');
    await server.stop();
    await expectFailure({ url: server.url('/x.git'), env: server.env }, 'remote-unreachable', 'back-off');
  });

  test('fails a transaction and keeps what is here as it was.', async () => {
    await using place = await remotePlace({ 'a.txt': 'one\n' }, byPath);
    const { log, folder } = await place.writer();
    await log.tip();
    await folder.git('remote', 'set-url', 'origin', '/nowhere/nothing.git');
    const gone = log.transact({ subject: 'Gone' }, async () => ({
      edits: [{ put: 'a.txt', content: 'two\n' }],
      value: null,
    }));
    await expect(gone).rejects.toMatchObject({ code: 'remote-missing' });
    expect(await folder.read('a.txt')).toBe('one\n');
    expect(await folder.git('status', '--porcelain')).toBe('');
  });
});

describe('what git says about a remote', () => {
  test.each([
    ['remote-credentials', "fatal: Authentication failed for 'https://h/x.git/'"],
    ['remote-credentials', "fatal: could not read Username for 'https://h': terminal prompts disabled"],
    ['remote-credentials', "fatal: could not read Password for 'https://a@h': No such device or address"],
    [
      'remote-credentials',
      'git@h: Permission denied (publickey).\nfatal: Could not read from remote repository.',
    ],
    ['remote-credentials', "fatal: unable to access 'https://h/x/': The requested URL returned error: 403"],
    ['remote-credentials', 'Host key verification failed.\nfatal: Could not read from remote repository.'],
    ['remote-missing', "fatal: repository 'https://h/x.git/' not found"],
    ['remote-missing', 'ERROR: Repository not found.\nfatal: Could not read from remote repository.'],
    ['remote-missing', "fatal: 'x' does not appear to be a git repository"],
    ['remote-busy', "fatal: unable to access 'https://h/x/': The requested URL returned error: 502"],
    ['remote-busy', 'error: RPC failed; HTTP 503 curl 22 The requested URL returned error: 503'],
    ['remote-busy', "fatal: unable to access 'https://h/x/': The requested URL returned error: 429"],
    ['remote-unreachable', "fatal: unable to access 'https://h/': Could not resolve host: h"],
    ['remote-unreachable', 'ssh: connect to host h port 22: Connection timed out'],
    ['remote-unreachable', 'ssh: connect to host h port 22: Operation timed out'],
    [
      'remote-unreachable',
      'send-pack: unexpected disconnect while reading sideband packet\nfatal: the remote end hung up unexpectedly',
    ],
    ['remote-unreachable', 'fatal: early EOF'],
    ['disk-full', 'fatal: write error: No space left on device'],
    ['remote-failed', 'fatal: something that nobody has seen before'],
  ])('becomes %s: %s', (code, stderr) => {
    const error = remoteFailure('origin', 'ask', { code: 128, stdout: Buffer.alloc(0), stderr });
    expect(hasCode(error, code)).toBe(true);
    expect(error.message).not.toContain('\n');
    expect(error.hint).not.toBe('');
  });
});

/** Nothing that the kernel does with such a remote may succeed, wait or guess. Returns the message. */
async function expectFailure(
  remote: RemoteAddress,
  code: string,
  retry = 'when-input-changes',
): Promise<string> {
  await using folder = await gitFolder({ 'a.txt': 'one\n' });
  await folder.git('remote', 'add', 'origin', remote.url);
  const writer = await openWriter(folder, 'main', remote);
  const failures = await Promise.allSettled([
    writer.log.tip(),
    writer.log.transact({ subject: 'x' }, async () => ({ edits: [{ put: 'x', content: 'x' }], value: null })),
    pushOne(writer),
  ]);
  for (const failure of failures)
    expect(failure).toMatchObject({ status: 'rejected', reason: { code, retry } });
  writer.store.close();
  const [first] = failures;
  return first?.status === 'rejected' ? String(first.reason.message) : '';
}

async function pushOne({ refs, folder }: Writer): Promise<void> {
  const next = await folder.git('rev-parse', 'HEAD');
  await refs.push([{ ref: 'refs/heads/main', expected: null, next }]);
}
