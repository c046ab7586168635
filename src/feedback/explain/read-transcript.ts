import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../../git/process-lock.ts';
import { safeParts } from '../../git/safe-parts.ts';
import { isRegularFile } from '../../git/tree.ts';
import { CACHE } from '../../ledger/paths.ts';
import type { Workspace } from '../../ledger/workspace.ts';
import { MaskedLines } from '../../programs/masked-lines.ts';

export type TranscriptRead =
  | { readonly ok: true; readonly text: string }
  /** Why there is none to show: a part of a sentence. */
  | { readonly ok: false; readonly reason: string };

/** A committed transcript beyond this is not taken into memory. Bytes. */
const LARGEST_BLOB = 20_000_000;

/**
 * The last `chars` characters of a transcript, with its secrets masked. The path comes from a record, and so from
 * anybody: it may name a file of the ledger or of the base branch, which everybody can read already, or a
 * file below a folder `transcripts` of the cache. Nothing else of this machine is read, and no link is followed.
 */
export async function readTranscript(
  workspace: Workspace,
  path: string,
  chars: number,
): Promise<TranscriptRead> {
  const parts = partsOf(path);
  if (parts === undefined) return no('its path leads out of the workspace');
  const bytes =
    parts[0] === CACHE ? await tailOfCached(workspace, parts, chars) : await committed(workspace, path);
  return typeof bytes === 'string' ? no(bytes) : { ok: true, text: lastOf(bytes, chars) };
}

function no(reason: string): TranscriptRead {
  return { ok: false, reason };
}

function partsOf(path: string): string[] | undefined {
  try {
    return safeParts(path);
  } catch {
    return undefined;
  }
}

interface Tail {
  readonly bytes: Buffer;
  /** False when something stands before it. */
  readonly whole: boolean;
}

async function committed({ log, base, store }: Workspace, path: string): Promise<Tail | string> {
  for (const branch of new Set([log, base])) {
    const { snapshot } = await branch.tip();
    const entry = await snapshot.entry(path);
    if (entry === undefined || !isRegularFile(entry)) continue;
    const size = (await store.sizes([entry.oid])).get(entry.oid) ?? 0;
    if (size > LARGEST_BLOB) return 'it is too large';
    return { bytes: await snapshot.blob(entry.oid), whole: true };
  }
  return 'there is no such file';
}

async function tailOfCached(
  { cache }: Workspace,
  parts: readonly string[],
  chars: number,
): Promise<Tail | string> {
  const below = parts.slice(1);
  if (!below.slice(0, -1).includes('transcripts')) return 'it is no file of transcripts';
  try {
    const place = join(await realpath(cache), ...below);
    if ((await realpath(place)) !== place) return 'its path leads over a link';
    return await tailOf(place, 4 * chars + 65_536);
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? 'there is no such file' : 'it cannot be read';
  }
}

async function tailOf(place: string, wanted: number): Promise<Tail | string> {
  // Neither a link that was put there a moment ago, nor a pipe that nobody ever writes to.
  const file = await open(place, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    return await readTail(file, wanted);
  } finally {
    await file.close();
  }
}

async function readTail(file: FileHandle, wanted: number): Promise<Tail | string> {
  const facts = await file.stat();
  if (!facts.isFile()) return 'it is no file';
  const start = Math.max(0, facts.size - wanted);
  const bytes = Buffer.alloc(Math.min(wanted, facts.size));
  const { bytesRead } = await file.read(bytes, 0, bytes.length, start);
  return { bytes: bytes.subarray(0, bytesRead), whole: start === 0 };
}

/** What comes before the first line end may be half a secret, which nothing would know as one. */
function lastOf({ bytes, whole }: Tail, chars: number): string {
  const from = whole ? 0 : bytes.indexOf(10) + 1 || bytes.length;
  const masking = new MaskedLines();
  const text = masking.feed(bytes.subarray(from)) + masking.end();
  return text.length <= chars ? text : text.slice(-chars).replace(/^[\udc00-\udfff]/, '');
}
