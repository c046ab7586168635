import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Clock, systemClock } from '../../../src/contracts/clock.ts';
import type { HttpGitServerOptions, Interception } from '../../support/http-git-server.ts';
import { openClient, openHub, push, slot, swap } from './clients.ts';

const moved = { result: 'moved' };

describe('a connection that breaks', () => {
  test.each(['cut', 'cut-after'] as const)(
    'during a push (%s) is an error: the caller looks.',
    async (how) => {
      await using hub = await openHub({ intercept: first(how) });
      await using client = await openClient(hub.url);
      const one = swap('a', null, 'x');
      await expect(push(client, one)).rejects.toMatchObject({
        code: 'remote-unreachable',
        retry: 'back-off',
      });
      const there = how === 'cut' ? [] : [[slot('a'), one.commit]];
      expect([...(await client.refs.look([slot('a')]))]).toEqual(there);
      expect(hub.requests()).toEqual(['POST git-receive-pack', 'POST git-upload-pack']);
    },
  );

  test('during a question is asked again on a kept connection, but a push is not sent twice.', async () => {
    let cut: string | undefined;
    const intercept = ({ url = '' }: IncomingMessage): Interception | undefined => {
      const hit = cut !== undefined && url.endsWith(cut);
      if (hit) cut = undefined;
      return hit ? 'cut' : undefined;
    };
    await using hub = await openHub({ intercept });
    await using client = await openClient(hub.url);
    await push(client, swap('a', null, 'x'));
    cut = 'git-upload-pack';
    expect((await client.refs.look([slot('a')])).size).toBe(1);
    cut = 'git-receive-pack';
    hub.requests();
    await expect(push(client, swap('b', null, 'x'))).rejects.toMatchObject({ code: 'remote-unreachable' });
    expect(hub.requests()).toEqual(['POST git-receive-pack']);
  });

  test('before it stood is told apart from a name that nobody knows.', async () => {
    const hub = await openHub();
    await hub[Symbol.asyncDispose]();
    for (const url of [hub.url, 'http://nowhere.invalid/x.git']) {
      await using client = await openClient(url, { env: { no_proxy: '*' } });
      await expect(push(client, swap('a', null, 'x'))).rejects.toMatchObject({ code: 'remote-unreachable' });
    }
  });
});

describe('a server that answers otherwise', () => {
  test.each([500, 502, 504, 503, 429])(
    'with %i has not moved anything for sure: an error.',
    async (status) => {
      await using hub = await openHub({ intercept: first({ status }) });
      await using client = await openClient(hub.url);
      await expect(push(client, swap('a', null, 'x'))).rejects.toMatchObject({ code: 'remote-busy' });
      expect(hub.requests()).toHaveLength(1);
    },
  );

  test.each([429, 503])('with %i is waited for as it says, and then served.', async (status) => {
    const waited: number[] = [];
    const headers = { 'Retry-After': '30' };
    await using hub = await openHub({ intercept: first({ status, headers }, 2) });
    await using client = await openClient(hub.url, { clock: sleepless(waited) });
    expect(await push(client, swap('a', null, 'x'))).toEqual([moved]);
    expect(waited).toEqual([30_000, 30_000]);
  });

  test('is given up on after a few waits.', async () => {
    const waited: number[] = [];
    const busy = { status: 503, headers: { 'Retry-After': '1' } };
    await using hub = await openHub({ intercept: () => busy });
    await using client = await openClient(hub.url, { clock: sleepless(waited) });
    await expect(client.refs.look([slot('a')])).rejects.toMatchObject({ code: 'remote-busy' });
    expect(waited).toEqual([1000, 1000, 1000]);
  });

  test.each([
    [403, 'remote-credentials'],
    [404, 'remote-missing'],
    [410, 'remote-failed'],
  ])('with %i is %s, with its words.', async (status, code) => {
    const answer = { status, headers: { 'Content-Type': 'text/plain' }, body: 'Ask Ann.\n' };
    await using hub = await openHub({ intercept: first(answer) });
    await using client = await openClient(hub.url);
    const message = expect.stringContaining('Ask Ann.');
    await expect(push(client, swap('a', null, 'x'))).rejects.toMatchObject({ code, message });
  });

  test('that is no git server at all is an error, and no empty list.', async () => {
    const page = { status: 200, headers: { 'Content-Type': 'text/html' }, body: '<p>Log in first.</p>' };
    await using hub = await openHub({ intercept: () => page });
    await using client = await openClient(hub.url);
    await expect(push(client, swap('a', null, 'x'))).rejects.toMatchObject({ code: 'remote-failed' });
    await expect(client.refs.look([slot('a')])).rejects.toMatchObject({
      code: expect.stringMatching(/^remote-/),
    });
  });

  test('from another place on the same server is followed; elsewhere git decides.', async () => {
    let to = '';
    const intercept = ({ url = '' }: IncomingMessage): Interception | undefined =>
      url.startsWith('/old.git') ? { status: 307, headers: { Location: to + url.slice(8) } } : undefined;
    await using hub = await openHub({ intercept });
    const old = hub.url.replace('remote.git', 'old.git');
    to = '/remote.git';
    await using near = await openClient(old);
    expect(await push(near, swap('a', null, 'x'))).toEqual([moved]);
    expect(await push(near, swap('b', null, 'x'))).toEqual([moved]);
    expect(hub.requests()).toHaveLength(3);
    expect(near.otherwise).toEqual([]);
    to = hub.url.replace('127.0.0.1', 'localhost');
    await using far = await openClient(old, { env: { no_proxy: '127.0.0.1,localhost' } });
    expect(await push(far, swap('c', null, 'x'))).toEqual([moved]);
    expect(far.otherwise).toEqual(['push']);
  });
});

describe("the server's time", () => {
  test('is known after the first answer, within its bounds, and goes on.', async () => {
    await using hub = await openHub();
    await using client = await openClient(hub.url);
    expect(client.refs.serverTime?.()).toBeUndefined();
    await push(client, swap('a', null, 'x'));
    await systemClock.sleep(30);
    const time = client.refs.serverTime?.();
    const now = Date.now();
    expect(time?.earliest.getTime()).toBeLessThanOrEqual(now);
    expect(time?.latest.getTime()).toBeGreaterThanOrEqual(now);
  });
});

describe('credentials', () => {
  const locked = { user: 'ann', password: 'se:cret/' };
  const inUrl = (url: string, username: string, password: string) =>
    Object.assign(new URL(url), { username, password }).href;
  const helper = (body: string) => `[credential]\n\thelper = "!f() { ${body}; }; f"\n`;

  test('of the address are used at once, and appear in no message.', async () => {
    await using hub = await openHub(locked);
    await using client = await openClient(inUrl(hub.url, 'ann', 'se:cret/'));
    expect(await push(client, swap('a', null, 'x'))).toEqual([moved]);
    expect(hub.requests()).toHaveLength(1);
    expect(client.refs.name).toBe(hub.url);
    await using wrong = await openClient(inUrl(hub.url, 'ann', 'w-r-o-n-g'));
    const error: unknown = await push(wrong, swap('b', null, 'x')).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'remote-credentials' });
    expect(JSON.stringify([error, String(error)])).not.toContain('w-r-o-n-g');
  });

  test('of a helper are asked for once, kept when they are good, and forgotten when they are not.', async () => {
    await using hub = await openHub(locked);
    const log = (folder: string) => join(folder, 'helper.log');
    await using client = await openClient(hub.url);
    const noting = (password: string) =>
      helper(`echo $1 >> ${log(client.folder.dir)}; echo username=ann; echo password=${password}`);
    const config = await client.folder.read('.git/config');
    await client.folder.write('.git/config', config + noting('wrong'));
    await expect(push(client, swap('a', null, 'x'))).rejects.toMatchObject({ code: 'remote-credentials' });
    expect(await client.folder.read('helper.log')).toBe('get\nerase\n');
    await client.folder.write('.git/config', config + noting('se:cret/'));
    await client.folder.write('helper.log', '');
    for (const id of ['a', 'b']) expect(await push(client, swap(id, null, 'x'))).toEqual([moved]);
    expect(await client.folder.read('helper.log')).toBe('get\nstore\n');
    expect(client.otherwise).toEqual([]);
  });

  test('that expire are asked for again.', async () => {
    const how = { ...locked };
    await using hub = await openHub({
      intercept: ({ headers }) => {
        const wanted = Buffer.from(`ann:${how.password}`).toString('base64');
        if (headers.authorization === `Basic ${wanted}`) return undefined;
        return { status: 401, headers: { 'WWW-Authenticate': 'Basic realm="git"' } };
      },
    });
    await using client = await openClient(hub.url);
    const config = await client.folder.read('.git/config');
    for (const password of ['first', 'second']) {
      how.password = password;
      await client.folder.write(
        '.git/config',
        config + helper(`echo username=ann; echo password=${password}`),
      );
      expect(await push(client, swap(password, null, 'x'))).toEqual([moved]);
    }
  });

  test('that nobody has are an error, without a question to a person.', async () => {
    await using hub = await openHub(locked);
    await using client = await openClient(hub.url);
    await expect(push(client, swap('a', null, 'x'))).rejects.toMatchObject({ code: 'remote-credentials' });
    await expect(client.refs.look([slot('a')])).rejects.toMatchObject({ code: 'remote-credentials' });
  });

  test('in an extra header are sent along; when they are wrong, that is the end of it.', async () => {
    await using hub = await openHub(locked);
    const header = (words: string) =>
      `[http "${hub.server.url}/"]\n\textraHeader = "AUTHORIZATION: basic ${Buffer.from(words).toString('base64')}"\n`;
    await using client = await openClient(hub.url, {
      config: header('ann:se:cret/').replace('basic', 'Basic'),
    });
    expect(await push(client, swap('a', null, 'x'))).toEqual([moved]);
    expect(hub.requests()).toHaveLength(1);
    await using wrong = await openClient(hub.url, { config: header('ann:wrong') });
    await expect(push(wrong, swap('b', null, 'x'))).rejects.toMatchObject({ code: 'remote-credentials' });
    expect(hub.requests()).toHaveLength(1);
  });

  test('of a scheme that only git knows are left to git.', async () => {
    const challenge = { status: 401, headers: { 'WWW-Authenticate': 'Negotiate' } };
    await using hub = await openHub({ intercept: first(challenge) });
    await using client = await openClient(hub.url);
    expect(await push(client, swap('a', null, 'x'))).toEqual([moved]);
    expect(client.otherwise).toEqual(['push']);
  });
});

/** Does this to the first requests that arrive, and serves everything else. */
function first(what: Interception, many = 1): NonNullable<HttpGitServerOptions['intercept']> {
  let left = many;
  return () => (left-- > 0 ? what : undefined);
}

/** Notes how long it is asked to sleep, and does not. */
function sleepless(waited: number[]): Clock {
  return { ...systemClock, sleep: async (ms) => void waited.push(ms) };
}
