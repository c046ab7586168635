import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { findGithubToken } from '../../../../src/forge/github/client/find-token.ts';

const dotCom = { apiUrl: 'https://api.github.com' };
const elsewhere = { apiUrl: 'https://ghe.example.com/api/v3' };
const loopback = { apiUrl: 'http://127.0.0.1:3000' };

describe('the token', () => {
  test('is the first of three variables that is set.', () => {
    const env = { MILLWRIGHT_GITHUB_TOKEN: 'one', GH_TOKEN: 'two', GITHUB_TOKEN: 'three' };

    expect(findGithubToken(dotCom, env).reveal()).toBe('one');
    expect(findGithubToken(dotCom, { ...env, MILLWRIGHT_GITHUB_TOKEN: ' ' })).toMatchObject({
      variable: 'GH_TOKEN',
    });
    expect(findGithubToken(dotCom, { GITHUB_TOKEN: ' three\n' }).reveal()).toBe('three');
  });

  test.each([
    ['ghs_abc', 'installation'],
    ['github_pat_abc', 'fine-grained'],
    ['ghp_abc', 'classic'],
    ['ghu_abc', 'user-to-server'],
    ['gho_abc', 'oauth'],
    ['abc', 'unknown'],
  ])('of %s is known by its beginning: %s.', (GH_TOKEN, sort) => {
    expect(findGithubToken(dotCom, { GH_TOKEN }).sort).toBe(sort);
  });

  test('is known as that of the workflow by where it stands.', () => {
    const actions = { GITHUB_ACTIONS: 'true' };

    expect(findGithubToken(dotCom, { ...actions, GITHUB_TOKEN: 'ghs_a' }).ofWorkflow).toBe(true);
    expect(findGithubToken(dotCom, { ...actions, GH_TOKEN: 'ghs_a', GITHUB_TOKEN: 'ghs_a' }).ofWorkflow).toBe(
      true,
    );
    expect(findGithubToken(dotCom, { ...actions, GH_TOKEN: 'ghs_b', GITHUB_TOKEN: 'ghs_a' }).ofWorkflow).toBe(
      false,
    );
    expect(findGithubToken(dotCom, { ...actions, GITHUB_TOKEN: 'ghp_a' }).ofWorkflow).toBe(false);
    expect(findGithubToken(dotCom, { GITHUB_TOKEN: 'ghs_a' }).ofWorkflow).toBe(false);
  });

  test('of github.com goes to no other host, but where its own workflow runs there.', () => {
    const env = { GH_TOKEN: 'a', GITHUB_TOKEN: 'b' };
    const ofServer = { GITHUB_API_URL: `${elsewhere.apiUrl}/` };

    expect(() => findGithubToken(elsewhere, env)).toThrow(/GH_TOKEN is for github.com and is not sent there/);
    expect(() => findGithubToken(elsewhere, { ...env, ...ofServer })).toThrow(/is not sent there/);
    expect(() => findGithubToken(elsewhere, { ...env, GITHUB_ACTIONS: 'true' })).toThrow(/is not sent there/);
    expect(findGithubToken(elsewhere, { ...env, ...ofServer, GITHUB_ACTIONS: 'true' }).reveal()).toBe('a');
    expect(findGithubToken(loopback, env).reveal()).toBe('a');
    expect(findGithubToken(elsewhere, { ...env, MILLWRIGHT_GITHUB_TOKEN: 'c' }).reveal()).toBe('c');
  });

  test('is asked for in one sentence that names the variable.', () => {
    expect(() => findGithubToken(dotCom, {})).toThrow(
      expect.objectContaining({
        code: 'github-no-token',
        message: 'set MILLWRIGHT_GITHUB_TOKEN, GH_TOKEN or GITHUB_TOKEN to a token for api.github.com',
      }),
    );
  });

  test('that cannot be sent is refused without being shown.', () => {
    expect(() => findGithubToken(dotCom, { GH_TOKEN: 'ghp_a\r\nx-evil: 1' })).toThrow(
      /^GH_TOKEN holds no token/,
    );
    expect(() => findGithubToken(dotCom, { GH_TOKEN: 'ghp_\u{1F600}' })).toThrow(/^GH_TOKEN holds no token/);
  });

  test('is not shown by what prints it.', () => {
    const found = findGithubToken(dotCom, { GH_TOKEN: 'ghp_hidden' });

    expect(JSON.stringify(found) + inspect(found, { depth: 9 })).not.toContain('hidden');
  });
});
