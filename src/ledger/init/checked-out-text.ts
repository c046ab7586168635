import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../../git/process-lock.ts';

/**
 * The text of a file as it lies in the checkout, with the line ends of git; undefined where there is none. What is no
 * file has no text of its own.
 */
export async function checkedOutText(root: string, path: string): Promise<string | undefined> {
  try {
    const place = join(root, path);
    if (!(await lstat(place)).isFile()) return '';
    return (await readFile(place, 'utf8')).replaceAll('\r\n', '\n');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(String(codeOf(error)))) return undefined;
    throw error;
  }
}
