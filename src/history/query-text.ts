import { readFile } from 'node:fs/promises';

/**
 * The SQL of a query with parameters. It lies beside the sources and is shipped with them; this path holds from
 * this folder and from `dist`, where the chunks lie as deep.
 * @param folder below `src`
 */
export function queryText(folder: 'feedback/queries' | 'runner/loop/queries', name: string): Promise<string> {
  return readFile(new URL(`../../src/${folder}/${name}.sql`, import.meta.url), 'utf8');
}
