import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { blobOid } from '../git/blob-oid.ts';
import type { Snapshot } from '../git/snapshot.ts';
import type { Segment } from '../ledger/segments.ts';

/** A file of the checkout that may hold a segment, and when it was last changed. */
export interface CheckoutFile {
  readonly path: string;
  readonly changed: string;
}

/** DuckDB takes some characters of a path for a pattern; files there are read here instead. */
const PLAIN_PATH = /^[\w./ -]+$/;

/** @param workTree root of the checkout; undefined where there is none */
export async function checkoutFile(
  { path }: Segment,
  workTree: string | undefined,
): Promise<CheckoutFile | undefined> {
  const whole = workTree === undefined ? undefined : join(workTree, path);
  if (whole === undefined || !PLAIN_PATH.test(whole)) return undefined;
  const changed = await lastChange(whole);
  return changed === undefined ? undefined : { path: whole, changed };
}

/**
 * Reads a segment from the checkout, where its file is just what was committed, else from git's objects. The id of
 * the blob proves which of the two it is, so neither an edited file nor a link to elsewhere can pass for it.
 */
export async function readSegment(
  snapshot: Snapshot,
  { oid }: Segment,
  file: CheckoutFile | undefined,
): Promise<{ readonly content: Buffer; readonly isFile: boolean }> {
  const found = file === undefined ? undefined : await readFile(file.path).catch(() => undefined);
  if (found !== undefined && blobOid(found) === oid) return { content: found, isFile: true };
  return { content: await snapshot.blob(oid), isFile: false };
}

/** True when nobody has touched the file since it was looked at. */
export async function isUntouched(file: CheckoutFile): Promise<boolean> {
  return (await lastChange(file.path)) === file.changed;
}

async function lastChange(path: string): Promise<string | undefined> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  if (found?.isFile() !== true) return undefined;
  return [found.ino, found.size, found.mtimeNs, found.ctimeNs].join(' ');
}
