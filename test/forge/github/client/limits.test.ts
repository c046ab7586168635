import { describe, expect, test } from 'vitest';
import { type LimitedAnswer, limitOf } from '../../../../src/forge/github/client/limit-of.ts';
import { clientPlace } from './client-place.ts';
import type { Scripted } from './fake-github.ts';
import { inTurn, look, openPull } from './questions.ts';

const good: Scripted = { body: { number: 1 } };
const secondary: Scripted = {
  status: 403,
  headers: { 'retry-after': '20' },
  body: { message: 'You have exceeded a secondary rate limit.' },
};

describe('a limit', () => {
  const now = new Date('2026-11-21T12:00:00Z');
  const reset = String(now.getTime() / 1_000 + 30);
  const date = now.toUTCString();
  const table: readonly (readonly [string, LimitedAnswer, number | undefined])[] = [
    ['a 403 with retry-after', { status: 403, headers: { 'retry-after': '7' }, data: {} }, 7],
    ['a 403 with the words', { status: 403, headers: {}, data: { message: 'secondary rate limit' } }, 60],
    ['older words', { status: 403, headers: {}, data: { message: 'abuse detection mechanism' } }, 60],
    [
      'a 403 about rights',
      { status: 403, headers: {}, data: { message: 'Must have admin rights' } },
      undefined,
    ],
    ['a 429', { status: 429, headers: {}, data: '' }, 60],
    [
      'a limit that is used up',
      { status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset, date }, data: {} },
      31,
    ],
    [
      'a date',
      {
        status: 429,
        headers: { 'retry-after': new Date(now.getTime() + 9_000).toUTCString(), date },
        data: {},
      },
      9,
    ],
    [
      'a reset that is over',
      { status: 429, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '5' }, data: {} },
      1,
    ],
    [
      'too much content',
      { status: 422, headers: {}, data: { errors: [{ message: 'was submitted too quickly' }] } },
      60,
    ],
    ['another 422', { status: 422, headers: {}, data: { message: 'Validation Failed' } }, undefined],
    ['a server in maintenance', { status: 503, headers: { 'retry-after': '3' }, data: '' }, 3],
    ['a server out of order', { status: 503, headers: {}, data: '' }, undefined],
    ['GraphQL', { status: 200, headers: {}, data: { errors: [{ type: 'RATE_LIMITED' }] } }, 60],
    [
      'an answer with errors',
      { status: 200, headers: {}, data: { errors: [null, { type: 'X' }] } },
      undefined,
    ],
    ['an absurd time', { status: 429, headers: { 'retry-after': '999999999' }, data: '' }, 86_400],
    ['nonsense', { status: 429, headers: { 'retry-after': '-5' }, data: '' }, 60],
  ];

  test.each(table)('is told from a refusal: %s.', (_name, answer, seconds) => {
    expect(limitOf(answer, now)).toBe(seconds);
  });

  test('that is short is waited for, and the request is sent again, also a write.', async () => {
    await using place = await clientPlace(
      inTurn(secondary, { status: 429, headers: { 'retry-after': '5' } }, good),
    );

    expect(await place.open().request(openPull)).toEqual({ number: 1 });
    expect(place.clock.waits).toEqual([20_000, 5_000]);
    expect(place.server.asked).toHaveLength(3);
    expect(place.said[0]).toContain('wait 20 s');
  });

  test('that is long is an error which says when to come back, and keeps others from asking.', async () => {
    await using place = await clientPlace(inTurn({ ...secondary, headers: { 'retry-after': '600' } }));
    const client = place.open();
    const limited = {
      code: 'github-rate-limited',
      retry: 'back-off',
      data: { retry_at: '2026-11-21T12:10:30.000Z' },
    };

    await expect(client.request(openPull)).rejects.toMatchObject(limited);
    await expect(client.request(look())).rejects.toMatchObject(limited);
    expect(place.server.asked).toHaveLength(1);
    expect(place.clock.waits).toEqual([]);
  });

  test('that does not end is not waited for without end.', async () => {
    await using place = await clientPlace(inTurn(secondary));

    await expect(place.open().request(look())).rejects.toMatchObject({ code: 'github-rate-limited' });
    expect(place.server.asked).toHaveLength(4);
  });

  test('that is used up is respected before GitHub has to say no.', async () => {
    const at = Date.UTC(2026, 10, 21, 12, 0, 30);
    const headers = (seconds: number) => ({
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(at / 1_000 + seconds),
      date: new Date(at).toUTCString(),
    });
    await using place = await clientPlace(
      inTurn({ ...good, headers: headers(40) }, { ...good, headers: headers(4_000) }),
    );
    const client = place.open();

    await client.request(look());
    await client.request(look());
    expect(place.clock.waits).toEqual([40_000]);
    await expect(client.request(look())).rejects.toMatchObject({ code: 'github-rate-limited' });
    expect(place.server.asked).toHaveLength(2);
  });
});
