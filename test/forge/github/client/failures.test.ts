import { inspect } from 'node:util';
import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { clientPlace, secret, token } from './client-place.ts';
import type { Scripted } from './fake-github.ts';
import { inTurn, look, openPull } from './questions.ts';

const good: Scripted = { body: { number: 7 } };

async function failureOf(answer: Scripted, question = openPull): Promise<unknown> {
  await using place = await clientPlace(() => answer);
  return await place
    .open()
    .request(question)
    .catch((error: unknown) => error);
}

describe('a refusal', () => {
  test('of the token names the variable that holds it.', async () => {
    expect(await failureOf({ status: 401, body: { message: 'Bad credentials' } })).toMatchObject({
      code: 'github-unauthorized',
      message: expect.stringContaining('MILLWRIGHT_GITHUB_TOKEN (Bad credentials)'),
    });
  });

  test('for want of a right names the right and what is missing without it.', async () => {
    const headers = {
      'x-accepted-github-permissions': 'contents=write,pull_requests=write; administration=read',
    };
    const body = { message: 'Resource not accessible by integration' };

    expect(await failureOf({ status: 403, headers, body })).toMatchObject({
      code: 'github-forbidden',
      retry: 'when-input-changes',
      message:
        'could not open a pull request: the token in MILLWRIGHT_GITHUB_TOKEN may not do this; it takes "contents: write" ' +
        'and "pull_requests: write" or "administration: read"; without it there is no proposal ' +
        '(Resource not accessible by integration)',
      data: { permissions: ['"contents: write" and "pull_requests: write"', '"administration: read"'] },
    });
  });

  test('for want of a single sign-on says so.', async () => {
    const headers = { 'x-github-sso': 'required; url=https://github.com/orgs/o/sso?authorization_request=x' };

    expect(await failureOf({ status: 403, headers, body: {} })).toMatchObject({
      code: 'github-forbidden',
      message: expect.stringContaining('single sign-on'),
    });
  });

  test.each([
    [404, 'github-not-found'],
    [410, 'github-not-found'],
    [409, 'github-conflict'],
    [405, 'github-refused'],
    [422, 'github-refused'],
    [451, 'github-refused'],
  ])('with %i has a code of its own: %s.', async (status, code) => {
    expect(await failureOf({ status, body: { message: 'No' } })).toMatchObject({
      code,
      data: { status, reasons: ['No'] },
    });
  });

  test('of fields quotes GitHub: short, clean and without the token.', async () => {
    const body = {
      message: `Validation\u0007 Failed\u202E ${secret}`,
      errors: [
        {
          resource: 'PullRequest',
          code: 'custom',
          message: 'A pull request already exists for octo:x.\nNext',
        },
        { resource: 'PullRequest', field: 'base', code: 'invalid' },
        'plain words',
        null,
        { message: 'x'.repeat(5_000) },
      ],
    };
    const error = await failureOf({ status: 422, body });

    expect(error).toMatchObject({
      code: 'github-refused',
      data: {
        reasons: [
          'Validation Failed [the token]',
          'PullRequest: A pull request already exists for octo:x. Next',
          'PullRequest.base: invalid',
          'plain words',
          `${'x'.repeat(300)}...`,
        ],
      },
    });
    expect(inspect(error, { depth: 9 })).not.toContain(secret);
  });

  test('that is a page for people is not quoted.', async () => {
    const answer = { status: 403, headers: { 'content-type': 'text/html' }, body: '<html>proxy</html>' };

    expect(await failureOf(answer)).toMatchObject({ code: 'github-forbidden', data: { reasons: [] } });
  });

  test('is not repeated.', async () => {
    await using place = await clientPlace(() => ({ status: 404, body: {} }));

    expect(await place.open().find(look('/pulls/9'))).toBeUndefined();
    expect(place.server.asked).toHaveLength(1);
  });
});

describe('a lost answer', () => {
  test.each<readonly [string, Scripted]>([
    ['a 502', { status: 502, body: 'Bad gateway' }],
    ['a connection that is cut before', { fault: 'cut' }],
    ['a connection that is cut amid', { ...good, fault: 'cut-amid' }],
    ['half a text that claims to be whole', { body: '{"number": 7' }],
  ])('to a question is asked for again: %s.', async (_name, fault) => {
    await using place = await clientPlace(inTurn(fault, fault, good));

    expect(await place.open().request(look())).toEqual({ number: 7 });
    expect(place.server.asked).toHaveLength(3);
    expect(place.clock.waits).toHaveLength(2);
  });

  test.each<readonly [string, Scripted, string]>([
    ['a 502', { status: 502 }, 'github-unreachable'],
    ['a cut connection', { fault: 'cut' }, 'github-unreachable'],
    ['half a text', { status: 201, body: '{"number"' }, 'github-bad-answer'],
    ['an answer without its fields', { status: 201, body: {} }, 'github-bad-answer'],
  ])('to a POST is not asked for again: GitHub may have done it. It was %s.', async (_name, fault, code) => {
    await using place = await clientPlace(() => fault);

    await expect(place.open().request(openPull)).rejects.toMatchObject({
      code,
      retry: 'back-off',
      data: { outcome: 'unknown' },
    });
    expect(place.server.asked).toHaveLength(1);
  });

  test('to a write that may be repeated is asked for again.', async () => {
    await using place = await clientPlace(inTurn({ fault: 'cut' }, good, { status: 500 }, good));
    const client = place.open();

    expect(await client.request({ ...openPull, repeatable: true })).toEqual({ number: 7 });
    expect(await client.request({ ...openPull, route: 'PATCH /repos/{owner}/{repo}/pulls/7' })).toEqual({
      number: 7,
    });
  });

  test('is given up after some time.', async () => {
    await using place = await clientPlace(() => ({ status: 500, body: { message: 'oops' } }));

    await expect(place.open().request(look())).rejects.toMatchObject({
      code: 'github-unreachable',
      retry: 'back-off',
      data: { status: 500 },
    });
    expect(place.server.asked).toHaveLength(4);
  });

  test('is one that takes too long.', async () => {
    await using place = await clientPlace(() => ({ fault: 'silence' }));
    const client = place.open({ timeLimitMs: 50 });

    await expect(client.request(openPull)).rejects.toMatchObject({
      code: 'github-unreachable',
      data: { code: 'ETIMEDOUT', outcome: 'unknown' },
    });
  });

  test('is none where no connection was made: then a POST goes out again, and nothing is in doubt.', async () => {
    await using place = await clientPlace(() => good);
    await place.server[Symbol.asyncDispose]();

    const error = await place
      .open()
      .request(openPull)
      .catch((failure: unknown) => failure);
    expect(error).toMatchObject({ code: 'github-unreachable', data: { code: 'ECONNREFUSED' } });
    expect(error).not.toMatchObject({ data: { outcome: 'unknown' } });
    expect(place.clock.waits).toHaveLength(3);
  });
});

describe('an answer that makes no sense', () => {
  test.each<readonly [string, Scripted]>([
    ['a page', { headers: { 'content-type': 'text/html' }, body: '<html></html>' }],
    ['another thing', { body: { number: 'seven' } }],
    ['nothing', { status: 204 }],
    ['a redirect without an address', { status: 302, body: {} }],
    ['a type that is none', { headers: { 'content-type': ';;;' }, body: 'x' }],
  ])('is an error that says what was expected: %s.', async (_name, answer) => {
    expect(await failureOf(answer, look())).toMatchObject({ code: 'github-bad-answer', retry: 'back-off' });
  });

  test('names the field and shows nothing of it.', async () => {
    expect(await failureOf({ body: { number: secret } }, look())).toMatchObject({
      message: 'could not look at it: the answer makes no sense: number is no number',
    });
  });

  test('is none where no content was expected.', async () => {
    await using place = await clientPlace(() => ({ status: 204 }));
    const shape = z.unknown();

    expect(await place.open().request({ ...openPull, shape })).toBeUndefined();
  });
});

describe('a question', () => {
  test('goes to the API as Octokit sends it, with the token and the version.', async () => {
    await using place = await clientPlace(() => good);
    await place.open().request(openPull);

    const [asked] = place.server.asked;
    expect(asked).toMatchObject({
      method: 'POST',
      path: '/repos/octo/mill/pulls',
      headers: { authorization: `token ${secret}`, 'x-github-api-version': '2022-11-28' },
    });
    expect(JSON.parse(asked?.body ?? '')).toEqual(openPull.parameters);
  });

  test.each(['', '.', '..', 'a/../../..'])('never leaves its route through a name: %j.', async (name) => {
    await using place = await clientPlace(() => good);
    const question = { ...look('/labels/{name}'), parameters: { name } };

    await expect(place.open().request(question)).rejects.toMatchObject({ code: 'github-unsafe-address' });
    expect(place.server.asked).toHaveLength(0);
  });

  test('keeps names of any sort within their place.', async () => {
    await using place = await clientPlace(() => good);
    const name = '$(id) ?x#/\u{1F600}\n-';
    await place.open().request({ ...look('/labels/{name}'), parameters: { name } });

    const path = place.server.asked[0]?.path ?? '';
    expect(path.split('/')).toHaveLength(6);
    expect(decodeURIComponent(path.slice('/repos/octo/mill/labels/'.length))).toBe(name);
  });

  test('is written with distance to the next, where the API is elsewhere.', async () => {
    await using place = await clientPlace(() => good);
    const client = place.open({ paced: true });
    const comment = { ...openPull, route: 'POST /repos/{owner}/{repo}/labels' } as const;

    await Promise.all([1, 2, 3].map(() => client.request(comment)));
    expect(place.clock.waits).toEqual([1_000, 1_000]);
    await Promise.all([1, 2].map(() => client.request(openPull)));
    expect(place.clock.waits.slice(2).reduce((sum, wait) => sum + wait, 0)).toBeGreaterThanOrEqual(3_000);
  });

  test('prints nothing, whatever Octokit has to say about it.', async () => {
    const headers = { deprecation: 'Sat, 01 Jan 2022 00:00:00 GMT', sunset: 'Sun, 01 Jan 2023 00:00:00 GMT' };
    await using place = await clientPlace(inTurn({ ...good, headers }, { status: 404, headers }));
    const prints = (['log', 'info', 'warn', 'error', 'debug'] as const).map((name) =>
      vi.spyOn(console, name),
    );
    const client = place.open();
    await client.request(look());
    await client.find(look());

    for (const print of prints) expect(print).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });

  test('says in its error that the workflow can be given the right.', async () => {
    await using place = await clientPlace(() => ({ status: 403, body: {} }));
    const client = place.open({ token: { ...token, ofWorkflow: true } });

    await expect(client.request(openPull)).rejects.toMatchObject({
      hint: expect.stringContaining('workflow file'),
    });
  });
});
