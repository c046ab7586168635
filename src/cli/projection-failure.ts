import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MillwrightError } from '../contracts/millwright-error.ts';

/**
 * What DuckDB says of the disk, in words that help. A damaged projection is thrown away: it can be made again.
 * Any other error is given back.
 */
export async function projectionFailure(error: unknown, cache: string): Promise<unknown> {
  // What has a name of its own already, such as a remote that is full, is told as it is.
  if (error instanceof MillwrightError && error.code !== 'bad-sql') return error;
  const said = wordsOf(error);
  if (/No space left on device|Disk quota exceeded/i.test(said))
    return new MillwrightError('disk-full', 'there is no space left for the projection of the history', {
      hint: 'free some space and run the command again; nothing was half done',
      cause: error,
    });
  if (!/Corrupt database file|checksum|not a valid DuckDB database file/i.test(said)) return error;
  const files = (await readdir(cache).catch(() => [])).filter((name) => /^history.*\.duckdb$/.test(name));
  await Promise.all(files.map((name) => rm(join(cache, name), { force: true })));
  return new MillwrightError(
    'projection-damaged',
    'the projection of the history was damaged; it was thrown away',
    {
      hint: 'run the command again: the projection is made anew from the records, which are not touched',
      retry: 'back-off',
      cause: error,
    },
  );
}

/** DuckDB's own words, which an error of ours may carry as its cause. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  return error.cause instanceof Error ? `${error.message}\n${error.cause.message}` : error.message;
}
