import { readFile } from 'node:fs/promises';

/**
 * The text of a file that the package ships, from the top of this repository. This file lies two folders deep, as the
 * chunks of the built program do, so that one address fits both.
 */
export function shippedFile(path: string): Promise<string> {
  return readFile(new URL(`../../${path}`, import.meta.url), 'utf8');
}
