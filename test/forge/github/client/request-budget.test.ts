import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { requestCount } from '../../../../src/forge/github/client/request-count.ts';
import { clientPlace } from './client-place.ts';
import { look } from './questions.ts';

const good = { body: { number: 1 } };
const MINUTE_MS = 60_000;

test('A spent hour is an error which says when to come back; no request leaves.', async () => {
  await using place = await clientPlace(() => good);
  const client = place.open({ budget: 2 });
  await client.request(look());
  await client.request(look());

  await expect(client.request(look())).rejects.toMatchObject({
    code: 'github-budget',
    retry: 'back-off',
    data: { limit: 2, retry_at: '2026-11-21T13:00:00.000Z' },
  });
  expect(place.server.asked).toHaveLength(2);
  expect(await client.meter()).toEqual({
    used: 2,
    limit: 2,
    remaining: 0,
    resetAt: new Date('2026-11-21T13:00:00Z'),
  });
});

test('The hour rolls, and all processes that share the folder count together.', async () => {
  await using place = await clientPlace(() => good);
  const [one, two] = [place.open({ budget: 2 }), place.open({ budget: 2 })];

  await one.request(look());
  place.clock.move(30 * MINUTE_MS);
  await two.request(look());
  await expect(one.request(look())).rejects.toMatchObject({ code: 'github-budget' });
  place.clock.move(30 * MINUTE_MS);
  expect(await two.meter()).toMatchObject({ used: 1, remaining: 1 });
  await one.request(look());
  await expect(two.request(look())).rejects.toMatchObject({ data: { retry_at: '2026-11-21T13:30:00.000Z' } });
});

test('What GitHub says about its own limit counts when it is less, until it is over.', async () => {
  const start = Date.UTC(2026, 10, 21, 12, 0, 30);
  const headers = {
    'x-ratelimit-remaining': '5',
    'x-ratelimit-reset': String(start / 1_000 + 600),
    date: new Date(start).toUTCString(),
  };
  await using place = await clientPlace(() => ({ ...good, headers }));
  const client = place.open();
  await client.request(look());

  expect(await client.meter()).toMatchObject({ used: 1, remaining: 5, resetAt: new Date(start + 600_000) });
  place.clock.move(601_000);
  expect(await client.meter()).toMatchObject({ remaining: 99 });
});

test.each(['', '[]', '{"1e3": 4}', '{"29384760": -4}', 'null'])(
  'A count that cannot be read is none: %j.',
  async (text) => {
    await using place = await clientPlace(() => good);
    const client = place.open();
    await client.request(look());
    const file = join(place.cache, 'github', 'requests.json');
    await writeFile(file, text);

    await client.request(look());
    expect(await client.meter()).toMatchObject({ used: 1 });
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({
      [String(place.clock.now().getTime() / MINUTE_MS).split('.')[0] ?? '']: 1,
    });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  },
);

test('Requests that leave at the same time never exceed the hour together.', async () => {
  await using place = await clientPlace(() => good);
  const clients = [1, 2, 3, 4].map(() => place.open({ budget: 5 }));
  const results = await Promise.allSettled([...clients, ...clients].map((client) => client.request(look())));

  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
  expect(place.server.asked).toHaveLength(5);
});

test('The count is that of a list of all requests of the last hour, to a minute.', async () => {
  await using place = await clientPlace(() => good);
  const steps = fc.array(fc.record({ minutes: fc.nat(40), free: fc.boolean() }), { maxLength: 12 });

  await fc.assert(
    fc.asyncProperty(steps, async (taken) => {
      const count = requestCount(join(place.cache, 'property.json'), place.clock);
      place.clock.move(61 * MINUTE_MS);
      const model: number[] = [];
      for (const { minutes, free } of taken) {
        place.clock.move(minutes * MINUTE_MS);
        await count.add(Number.POSITIVE_INFINITY);
        if (free) await count.takeBack();
        else model.push(place.clock.now().getTime());
        const recent = model.filter((at) => place.clock.now().getTime() - at < 60 * MINUTE_MS);
        expect((await count.use()).used).toBe(recent.length);
      }
    }),
    { numRuns: 30 },
  );
});
