import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { settings } from '../../../../src/contracts/settings.ts';
import { findGithubRepository } from '../../../../src/forge/github/client/find-repository.ts';
import { parseRemoteAddress } from '../../../../src/forge/github/client/remote-address.ts';

type Env = Readonly<Record<string, string>>;

function find(address: string | undefined, env: Env = {}, repository?: string) {
  const github = repository === undefined ? {} : { github: { repository } };
  const remote = address === undefined ? undefined : { remote: 'origin', address };
  return findGithubRepository({ settings: settings.parse(github), remote }, env);
}

const ofGithub = {
  owner: 'octo',
  name: 'mill.wright',
  apiUrl: 'https://api.github.com',
  webUrl: 'https://github.com/octo/mill.wright',
};

describe('the repository of a workspace', () => {
  test.each([
    'https://github.com/octo/mill.wright.git',
    'https://github.com/octo/mill.wright',
    'https://github.com/octo/mill.wright/',
    'https://x-access-token:abc@github.com/octo/mill.wright.git',
    'https://www.github.com/octo/mill.wright',
    'http://github.com/octo/mill.wright',
    'HTTPS://GitHub.com/octo/mill.wright.git',
    'git@github.com:octo/mill.wright.git',
    'github.com:octo/mill.wright',
    'git@github.com:/octo/mill.wright.git',
    'ssh://git@github.com/octo/mill.wright.git',
    'ssh://git@ssh.github.com:443/octo/mill.wright.git',
    'git+ssh://git@github.com/octo/mill.wright',
  ])('is read from %s.', (address) => {
    expect(find(address)).toEqual(ofGithub);
  });

  test.each([
    ['https://ghe.example.com/o/n.git', 'https://ghe.example.com/api/v3', 'https://ghe.example.com/o/n'],
    [
      'https://ghe.example.com:8443/o/n',
      'https://ghe.example.com:8443/api/v3',
      'https://ghe.example.com:8443/o/n',
    ],
    ['ssh://git@ghe.example.com:2222/o/n', 'https://ghe.example.com/api/v3', 'https://ghe.example.com/o/n'],
    ['git@ghe.example.com:o/n.git', 'https://ghe.example.com/api/v3', 'https://ghe.example.com/o/n'],
    ['https://octo.ghe.com/o/n', 'https://api.octo.ghe.com', 'https://octo.ghe.com/o/n'],
    ['http://127.0.0.1:3000/o/n.git', 'http://127.0.0.1:3000/api/v3', 'http://127.0.0.1:3000/o/n'],
    ['https://github.com.example/o/n', 'https://github.com.example/api/v3', 'https://github.com.example/o/n'],
  ])('lies on the host of %s.', (address, apiUrl, webUrl) => {
    expect(find(address)).toMatchObject({ apiUrl, webUrl });
  });

  test.each([
    undefined,
    '/srv/git/octo/mill.git',
    'file:///srv/octo/mill.git',
    '../octo/mill',
    'C:/octo/mill',
    'git@github-at-work:octo/mill.git',
    'https://github.com/octo',
    'https://github.com/octo/mill/tree/main',
    'https://github.com/octo/..',
    'https://github.com/octo/.git',
    'https://github.com/octo/mi%2Fll',
    'https://github.com/oc to/mill',
    'https://github.com/octo/mill?x=1',
    'https://github.com\\octo/mill',
    'https://github.com/octo/$(id)',
    'git@github.com:octo/mill\n.git',
    'git@-oProxyCommand=x:octo/mill',
    'git://github.com/octo/mill.git',
    'ext::sh -c x/y',
  ])('is not read from %j.', (address) => {
    expect(() => find(address)).toThrow(expect.objectContaining({ code: 'github-no-repository' }));
  });

  test('is refused on a host that would get the token in plain text.', () => {
    const unsafe = expect.objectContaining({ code: 'github-unsafe-address' });

    expect(() => find('http://ghe.example.com/o/n')).toThrow(unsafe);
    for (const GITHUB_API_URL of [
      'http://ghe.example.com',
      'ftp://a.example',
      'nonsense',
      'https://u:p@a.example/',
    ])
      expect(() => find('git@github.com:o/n', { GITHUB_API_URL })).toThrow(unsafe);
  });

  test('is the one that the settings name, before all others.', () => {
    const env = { GITHUB_ACTIONS: 'true', GITHUB_REPOSITORY: 'octo/of-the-workflow' };

    expect(find('git@github.com:octo/of-the-remote', env, 'octo/named').name).toBe('named');
    expect(find('git@github.com:octo/of-the-remote', env).name).toBe('of-the-workflow');
    expect(find('git@github.com:octo/of-the-remote', { ...env, GITHUB_ACTIONS: '' }).name).toBe(
      'of-the-remote',
    );
    expect(find('/srv/mill.git', {}, 'octo/mill.wright')).toEqual(ofGithub);
    expect(find('git@ghe.example.com:o/n', {}, 'octo/mill').apiUrl).toBe('https://ghe.example.com/api/v3');
  });

  test('is refused when the workflow names it in a way that no repository is named.', () => {
    const env = { GITHUB_ACTIONS: 'true', GITHUB_REPOSITORY: '../../user' };

    expect(() => find('git@github.com:o/n', env)).toThrow(/GITHUB_REPOSITORY names no repository/);
  });

  test('has its API where the environment says.', () => {
    const env = { GITHUB_API_URL: 'http://localhost:7000/', GITHUB_SERVER_URL: 'http://localhost:7001' };

    expect(find('/srv/mill.git', env, 'o/n')).toMatchObject({
      apiUrl: 'http://localhost:7000',
      webUrl: 'http://localhost:7001/o/n',
    });
    expect(find('git@github.com:o/n', { GITHUB_API_URL: 'https://ghe.example.com/api/v3' }).webUrl).toBe(
      'https://ghe.example.com/o/n',
    );
  });
});

describe('the reading of addresses', () => {
  const owner = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9-]{0,38}$/);
  const name = fc
    .stringMatching(/^[A-Za-z0-9._-]{1,60}$/)
    .filter((text) => !/^\.{1,2}$/.test(text) && !/\.git$/i.test(text));
  const host = fc.constantFrom('github.com', 'ghe.example.com', 'a-b.example', '[2001:db8::1]', '127.0.0.1');
  const forms: readonly ((host: string, path: string) => string)[] = [
    (at, path) => `https://${at}/${path}`,
    (at, path) => `https://user:pass@${at}:8443/${path}.git`,
    (at, path) => `ssh://git@${at}:22/${path}.git/`,
    (at, path) => `git@${at}:${path}.git`,
    (at, path) => `${at}:${path}`,
  ];

  test('finds host, owner and name in every form of an address.', () => {
    fc.assert(
      fc.property(owner, name, host, fc.constantFrom(...forms), (o, n, at, form) => {
        expect(parseRemoteAddress(form(at, `${o}/${n}`))).toMatchObject({ hostname: at, owner: o, name: n });
      }),
    );
  });

  test('never throws, and lets no name through that could lead elsewhere.', () => {
    const part = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.constantFrom(
        '..',
        '.',
        '@',
        ':',
        '/',
        '\\',
        '%2e%2e',
        '$(id)',
        '\n',
        '-',
        'o/n',
        '#',
        '?',
        '.git',
        '[::1]',
      ),
    );
    const start = fc.constantFrom(
      '',
      'https://',
      'git@github.com:',
      'https://github.com/',
      'ssh://git@h.example:22/',
    );

    fc.assert(
      fc.property(start, fc.array(part, { maxLength: 6 }), (beginning, parts) => {
        const found = parseRemoteAddress(beginning + parts.join(''));
        if (found === undefined) return;
        expect(found.owner).toMatch(/^[A-Za-z0-9][A-Za-z0-9_-]*$/);
        expect(found.name).toMatch(/^(?!\.\.?$)[A-Za-z0-9._-]+$/);
        expect(found.hostname).toMatch(/^(?:\[[0-9a-f:.]+\]|[a-z0-9][a-z0-9._-]*)$/);
      }),
      { numRuns: 2_000 },
    );
  });
});
