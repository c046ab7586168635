import { describe, expect, test } from 'vitest';
import { gitHttpConfig } from '../../../src/git/http/git-http-config.ts';
import { gitFolder } from '../../support/git-folder.ts';

const address = 'http://git.example.com/team/x.git';
const here = { push: true, read: true, headers: {} };
const nothing = { push: false, read: false, headers: {} };

describe('the git configuration', () => {
  test.each([
    ['', here],
    ['[http]\n\tpostBuffer = 1\n\tlowSpeedTime = 5\n\tsslVerify = true\n\tfollowRedirects = initial\n', here],
    ['[http]\n\tsslVerify = false\n', here],
    ['[http "http://other.example.com/"]\n\tproxy = http://p:1\n', here],
    ['[protocol]\n\tversion = 2\n[push]\n\tdefault = simple\n', here],
    ['[url "git@x:"]\n\tinsteadOf = http://else.example.com/\n', here],
    ['[remote "other"]\n\tproxy = http://p:1\n\turl = /tmp\n', here],
    ['[http]\n\tproxy = http://p:1\n', nothing],
    ['[http "http://git.example.com/"]\n\tcookieFile = x\n', nothing],
    ['[http]\n\tcurloptResolve = x:1:2\n', nothing],
    ['[http]\n\temptyAuth = true\n', nothing],
    ['[http]\n\tfollowRedirects = false\n', nothing],
    ['[http "http://*.example.com/"]\n\tproxy = http://p:1\n', nothing],
    ['[remote "origin"]\n\tproxy = http://p:1\n', nothing],
    ['[remote "origin"]\n\treceivepack = mine\n', nothing],
    ['[remote "origin"]\n\turl = http://second.example.com/x.git\n', nothing],
    ['[protocol "http"]\n\tallow = never\n', nothing],
    ['[push]\n\tgpgSign = true\n', nothing],
    ['[url "/srv/"]\n\tinsteadOf = http://git.example.com/\n', { ...here, read: false }],
  ])('%j leaves to this process %j.', async (config, expected) => {
    expect(await ask(config)).toEqual(expected);
  });

  test.each([
    ['[http]\n\textraHeader = X-Team: a: b\n', { 'x-team': ['a: b'] }],
    [
      '[http "http://git.example.com/"]\n\textraheader = AUTHORIZATION: basic eA==\n',
      { authorization: ['basic eA=='] },
    ],
    ['[http "http://other.org/"]\n\textraHeader = X: y\n', {}],
    ['[http]\n\textraHeader =\n', {}],
  ])('adds headers: %j', async (config, headers) => {
    expect(await ask(config)).toEqual({ ...here, headers });
  });

  test.each([
    '[http]\n\textraHeader = A: b\n\textraHeader = C: d\n',
    '[http]\n\textraHeader = A: b\n[http "http://git.example.com/"]\n\textraHeader = C: d\n',
    '[http]\n\textraHeader = no header\n',
  ])('with headers that only git can sort out leaves everything to it: %j', async (config) => {
    expect(await ask(config)).toEqual(nothing);
  });

  test('names the certificates to trust; other settings of TLS are left to git.', async () => {
    const https = address.replace('http:', 'https:');
    const named = { ...here, certificates: '/etc/ca.pem' };
    expect(await ask('[http]\n\tsslCAInfo = /etc/ca.pem\n', https)).toEqual(named);
    expect(await ask('', https, { GIT_SSL_CAINFO: '/etc/ca.pem' })).toEqual(named);
    expect(await ask('[http]\n\tsslVerify = false\n', https)).toEqual(nothing);
    expect(await ask('[http]\n\tsslCert = x\n', https)).toEqual(nothing);
    expect(await ask('', https, { GIT_SSL_NO_VERIFY: '1' })).toEqual(nothing);
  });

  test('that fetches from elsewhere leaves only the reading to git.', async () => {
    await using folder = await gitFolder();
    await folder.git('remote', 'add', 'origin', 'http://mirror.example.com/x.git');
    await folder.git('remote', 'set-url', '--push', 'origin', address);
    const run = { cwd: folder.dir, env: quiet };
    expect(await gitHttpConfig(run, { remote: 'origin', address })).toEqual({ ...here, read: false });
    expect(await gitHttpConfig(run, { remote: address, address })).toEqual(here);
  });

  test('of the environment counts as well.', async () => {
    const env = { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'http.proxy', GIT_CONFIG_VALUE_0: 'http://p:1' };
    expect(await ask('', address, env)).toEqual(nothing);
    expect(await ask('', address, { http_proxy: 'http://p:1', no_proxy: '' })).toEqual(nothing);
  });

  test('that is broken is an error of git.', async () => {
    await expect(ask('[http\n')).rejects.toMatchObject({ code: 'git-failed' });
  });
});

/** Whatever this machine has is not looked at. */
const quiet = {
  http_proxy: '',
  https_proxy: '',
  HTTPS_PROXY: '',
  all_proxy: '',
  ALL_PROXY: '',
  GIT_SSL_CAINFO: '',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
};

async function ask(config: string, url = address, extra: Record<string, string> = {}) {
  await using folder = await gitFolder();
  await folder.git('remote', 'add', 'origin', url);
  await folder.write('.git/config', `${await folder.read('.git/config')}\n${config}`);
  const env = { ...quiet, ...extra };
  return await gitHttpConfig({ cwd: folder.dir, env }, { remote: 'origin', address: url });
}
