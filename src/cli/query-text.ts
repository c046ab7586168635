import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { MillwrightError } from '../contracts/millwright-error.ts';
import { identifier } from '../history/sql-text.ts';

export interface QueryText {
  readonly sql: string;
  /** Puts the path of the file before the place of an error. */
  place(error: unknown): unknown;
}

/** The statement of a command: its argument, a file, or all of a view. Throws `usage`, `no-file`. */
export async function queryText(
  sql: string | undefined,
  { file, view }: Readonly<Record<string, unknown>>,
  cwd: string,
): Promise<QueryText> {
  const given = [sql, file, view].filter((one) => one !== undefined);
  if (given.length !== 1)
    throw new MillwrightError(
      'usage',
      `expected a statement, --file or --view, found ${given.length === 0 ? 'none' : 'more than one'}`,
      {
        hint: 'for example: millwright query "SELECT count(*) FROM outcome"; millwright query --describe lists what there is',
      },
    );
  if (typeof view === 'string') return { sql: `SELECT * FROM ${identifier(view)}`, place: (error) => error };
  if (typeof file !== 'string') return { sql: sql ?? '', place: (error) => error };
  return { sql: await textOf(resolve(cwd, file), file), place: (error) => placedIn(file, error) };
}

async function textOf(path: string, shown: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).replace(/^\ufeff/, '');
  } catch (cause) {
    throw new MillwrightError('no-file', `cannot read ${shown}`, {
      hint: 'name a file with one SQL statement',
      cause,
    });
  }
}

function placedIn(file: string, error: unknown): unknown {
  if (!(error instanceof MillwrightError) || typeof error.data?.line !== 'number') return error;
  const { code, message, hint, data } = error;
  const place = `${file}:${String(data.line)}:${String(data.column)}`;
  return new MillwrightError(code, `${place}: ${message}`, {
    ...(hint === undefined ? {} : { hint }),
    data: { ...data, file },
  });
}
