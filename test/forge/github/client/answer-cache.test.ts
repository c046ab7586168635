import { mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { keepPrivate } from '../../../../src/forge/github/client/keep-private.ts';
import { type ClientPlace, clientPlace, secret, token } from './client-place.ts';
import type { Asked, Scripted } from './fake-github.ts';
import { listPulls, look } from './questions.ts';

/** Every answer has a version; who knows it gets 304. */
function versioned(version: () => string, body: () => unknown): (asked: Asked) => Scripted {
  return ({ headers, path }) => {
    const etag = `W/"${version()}"`;
    if (headers['if-none-match'] === etag) return { status: 304, headers: { etag } };
    const link = path.includes('page=2') ? '' : '<https://elsewhere.example/x?page=2>; rel="next"';
    return { headers: { etag, ...(path.includes('/pulls?') && { link }) }, body: body() };
  };
}

function filesOf(place: ClientPlace): Promise<string[]> {
  return readdir(join(place.cache, 'github', 'answers'));
}

test('What has not changed is neither sent nor counted again, also in another process.', async () => {
  await using place = await clientPlace(
    versioned(
      () => '1',
      () => ({ number: 1 }),
    ),
  );

  expect(await place.open().request(look())).toEqual({ number: 1 });
  const another = place.open();
  expect(await another.request(look())).toEqual({ number: 1 });
  expect(await another.request(look())).toEqual({ number: 1 });
  expect(another.seen()).toEqual({ requests: 2, counted: 0 });
  expect(await another.meter()).toMatchObject({ used: 1, remaining: 99 });
});

test('What has changed is read anew.', async () => {
  let version = 1;
  await using place = await clientPlace(
    versioned(
      () => String(version),
      () => ({ number: version }),
    ),
  );
  const client = place.open();

  await client.request(look());
  version = 2;
  expect(await client.request(look())).toEqual({ number: 2 });
  expect(await place.open().request(look())).toEqual({ number: 2 });
});

test('A list of several pages is read from kept answers for nothing.', async () => {
  let page = 0;
  await using place = await clientPlace(
    versioned(
      () => '1',
      () => [{ id: page, number: ++page }],
    ),
  );

  expect(await place.open().list(listPulls)).toEqual([{ number: 1 }, { number: 2 }]);
  const another = place.open();
  expect(await another.list(listPulls)).toEqual([{ number: 1 }, { number: 2 }]);
  expect(another.seen()).toEqual({ requests: 2, counted: 0 });
});

test('Kept answers are for this user and this token alone, and the token is not in them.', async () => {
  await using place = await clientPlace(
    versioned(
      () => '1',
      () => ({ number: 1 }),
    ),
  );
  await place.open().request(look());
  const folder = join(place.cache, 'github', 'answers');
  const [file = ''] = await filesOf(place);

  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600);
  expect(file + (await readFile(join(folder, file), 'utf8'))).not.toContain(secret);
  const stranger = place.open({ token: { ...token, reveal: () => 'another' } });
  await stranger.request(look());
  expect(stranger.seen()).toEqual({ requests: 1, counted: 1 });
});

test.each(['', 'garbage', '{"etag": 1}', '{"etag":"W/\\"1\\"","headers":[],"text":"x"}'])(
  'A kept answer that cannot be read is asked for again: %j.',
  async (garbage) => {
    await using place = await clientPlace(
      versioned(
        () => '1',
        () => ({ number: 1 }),
      ),
    );
    await place.open().request(look());
    const [file = ''] = await filesOf(place);
    await writeFile(join(place.cache, 'github', 'answers', file), garbage);

    const client = place.open();
    expect(await client.request(look())).toEqual({ number: 1 });
    expect(client.seen()).toEqual({ requests: 1, counted: 1 });
  },
);

test('Half an answer, and one without a version, is not kept.', async () => {
  let answers = 0;
  await using place = await clientPlace(() => {
    answers += 1;
    return answers === 1 ? { headers: { etag: '"1"' }, body: '{"number":' } : { body: { number: answers } };
  });

  expect(await place.open().request(look())).toEqual({ number: 2 });
  expect(await filesOf(place).catch(() => [])).toEqual([]);
});

test('A folder that cannot be written to only costs time.', async () => {
  await using place = await clientPlace(
    versioned(
      () => '1',
      () => ({ number: 1 }),
    ),
  );
  await mkdir(join(place.cache, 'github'));
  await writeFile(join(place.cache, 'github', 'answers'), 'a file in the way');

  expect(await place.open().request(look())).toEqual({ number: 1 });
});

test('The folder stays within its bounds: the oldest go first.', async () => {
  await using place = await clientPlace(() => ({}));
  const bounds = { mostFiles: 3, mostBytes: 25 };
  const folder = join(place.cache, 'kept');
  const put = async (name: string, text: string, age: number) => {
    await keepPrivate(folder, name, text, bounds);
    await utimes(join(folder, name), 1_000 - age, 1_000 - age);
  };

  await put('a', '1234567890', 9);
  await put('b', '1', 8);
  await put('c', '1', 7);
  await put('d', '1', 6);
  expect((await readdir(folder)).toSorted()).toEqual(['b', 'c', 'd']);
  await put('e', '123456789012345678901234', 5);
  expect((await readdir(folder)).toSorted()).toEqual(['d', 'e']);
  await keepPrivate(folder, 'f', 'x'.repeat(26), bounds);
  expect(await readdir(folder)).toEqual([]);
});
