import { describe, expect, test } from 'vitest';
import { clientPlace } from './client-place.ts';
import { type Asked, fakeGithub, type Scripted } from './fake-github.ts';
import { inTurn, listPulls, look, openPull } from './questions.ts';

/** The repository was renamed: its old address leads to the one with its number. */
function renamed({ method, path }: Asked): Scripted {
  const [, rest] = /^\/repos\/octo\/mill(\/.*|\?.*)?$/.exec(path) ?? [];
  if (path.startsWith('/repos/octo/mill'))
    return {
      status: method === 'GET' ? 301 : 307,
      headers: { location: `/repositories/42${rest ?? ''}` },
      body: {},
    };
  if (path === '/repositories/42') return { body: { number: 1, full_name: 'new-octo/new-mill' } };
  return { body: path.includes('?') ? [{ number: 1 }] : { number: 1 } };
}

describe('a repository that was renamed', () => {
  test('is found under its new name, which is told once.', async () => {
    await using place = await clientPlace(renamed);
    const moved: string[] = [];
    const client = place.open({ onMoved: (name) => moved.push(name) });

    await Promise.all([client.request(look('/pulls/1')), client.list(listPulls)]);
    expect(await client.request(look('/pulls/1'))).toEqual({ number: 1 });
    expect(moved).toEqual(['new-octo/new-mill']);
    expect(client.repository).toMatchObject({
      owner: 'new-octo',
      name: 'new-mill',
      webUrl: `${place.server.url}/new-octo/new-mill`,
    });
    expect(place.server.asked.at(-1)?.path).toBe('/repos/new-octo/new-mill/pulls/1');
  });

  test('takes a write once, as it was.', async () => {
    await using place = await clientPlace(renamed);
    await place.open().request(openPull);

    const writes = place.server.asked.filter(({ method }) => method === 'POST');
    expect(writes.map(({ path }) => path)).toEqual(['/repos/octo/mill/pulls', '/repositories/42/pulls']);
    expect(writes[1]?.body).toBe(writes[0]?.body);
    expect(writes[1]?.headers.authorization).toBeDefined();
  });

  test.each([
    ['a name that is none', { full_name: '../../user' }],
    ['no name', {}],
  ])('keeps its old name where the server tells %s.', async (_name, body) => {
    await using place = await clientPlace((asked) =>
      asked.path === '/repositories/42' ? { body: { number: 1, ...body } } : renamed(asked),
    );
    const client = place.open({ onMoved: () => expect.unreachable() });

    expect(await client.request(look('/pulls/1'))).toEqual({ number: 1 });
    expect(client.repository.name).toBe('mill');
  });
});

describe('a redirect', () => {
  test('to another host is not followed: the token stays here.', async () => {
    await using thief = await fakeGithub(() => ({ body: { number: 1 } }));
    const places = [`${thief.url}/repos/octo/mill`, '//evil.example/x', 'file:///etc/passwd'];
    await using place = await clientPlace((_asked, number) => ({
      status: 302,
      headers: { location: places[number] ?? '' },
    }));
    const client = place.open();

    for (const _place of places)
      await expect(client.request(look())).rejects.toMatchObject({ code: 'github-unsafe-address' });
    expect(thief.asked).toEqual([]);
    expect(place.server.asked).toHaveLength(3);
  });

  test('to a place beside the API is not followed.', async () => {
    await using place = await clientPlace(inTurn({ status: 302, headers: { location: '/login' } }));
    const apiUrl = `${place.server.url}/api/v3`;
    const client = place.open({
      repository: { owner: 'o', name: 'n', apiUrl, webUrl: `${place.server.url}/o/n` },
    });

    await expect(client.request(look())).rejects.toMatchObject({ code: 'github-unsafe-address' });
  });

  test('after a redirect, without end, is an error.', async () => {
    await using place = await clientPlace(() => ({ status: 302, headers: { location: '/repos/octo/mill' } }));

    await expect(place.open().request(look())).rejects.toMatchObject({ code: 'github-bad-answer' });
    expect(place.server.asked).toHaveLength(4);
  });
});
