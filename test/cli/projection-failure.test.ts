import { mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectionFailure } from '../../src/cli/projection-failure.ts';
import { MillwrightError } from '../../src/contracts/millwright-error.ts';

const damaged = 'IO Error: Corrupt database file: computed checksum 1 does not match stored checksum 2';

test('A damaged projection is thrown away with the files of the past, and nothing else is.', async () => {
  const cache = await realpath(await mkdtemp(join(tmpdir(), 'millwright-cache-')));
  try {
    for (const name of [
      'history.duckdb',
      'history-at-0123456789abcdef.duckdb',
      'sql_history',
      'other.duckdb',
    ])
      await writeFile(join(cache, name), '');
    const asked = new MillwrightError('bad-sql', 'a statement', { cause: new Error(damaged) });
    expect(await projectionFailure(asked, cache)).toMatchObject({
      code: 'projection-damaged',
      retry: 'back-off',
    });
    expect((await readdir(cache)).sort()).toEqual(['other.duckdb', 'sql_history']);
  } finally {
    await rm(cache, { recursive: true });
  }
});

test.each<[string, Error, string | undefined]>([
  [
    'DuckDB without room is a full disk',
    new Error('IO Error: Could not write: No space left on device'),
    'disk-full',
  ],
  [
    'a remote without room is what it was',
    new MillwrightError('push-refused', 'No space left on device'),
    'push-refused',
  ],
  ['any other error is what it was', new Error('boom'), undefined],
])('%s.', async (_what, error, code) => {
  const told = await projectionFailure(error, '/nowhere');
  expect(told instanceof MillwrightError ? told.code : undefined).toBe(code);
  if (code !== 'disk-full') expect(told).toBe(error);
});
