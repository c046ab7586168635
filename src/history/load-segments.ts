import { rm } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Kind } from '../contracts/kind.ts';
import { findKind } from '../contracts/kinds.ts';
import { type Examined, examineSegment, textFile } from './examine-segment.ts';
import { forgetRows, insertFiles, rememberSegments } from './insert-rows.ts';
import { interruptOn } from './interrupt-on.ts';
import { bytesOf, type LoadOptions, loadFolder, type SizedSegment } from './load-options.ts';
import { checkoutFile, isUntouched } from './segment-content.ts';

export interface LoadTarget {
  readonly connection: DuckDBConnection;
  /** Where the tables stand, such as `main`. */
  readonly within: string;
  /** The number of the first segment. */
  readonly from: number;
}

/** A statement of this size fills whole row groups, which DuckDB then writes once instead of twice. */
const BYTES_A_PORTION = 500_000_000;

/** Reads segments into the tables, kind by kind. Throws what the signal was aborted with. */
export async function loadSegments(
  target: LoadTarget,
  segments: readonly SizedSegment[],
  options: LoadOptions,
): Promise<void> {
  let number = target.from;
  interruptOn(options.signal, target.connection);
  const of = bytesOf(segments);
  let bytes = 0;
  const read = (segment: SizedSegment) => {
    bytes += segment.bytes;
    options.onProgress?.({ bytes, of });
  };
  for (const portion of portionsOf(segments)) {
    const kind = findKind(portion[0]?.kind ?? '');
    if (kind === undefined) continue;
    const numbered = portion.map((segment) => ({ segment, number: number++ }));
    await loadPortion({ ...target, kind }, numbered, options, read);
  }
}

/** Segments of one kind that one statement reads. */
export function portionsOf(segments: readonly SizedSegment[]): SizedSegment[][] {
  const portions: SizedSegment[][] = [];
  let room = 0;
  for (const segment of segments) {
    const last = portions.at(-1);
    if (last === undefined || last[0]?.kind !== segment.kind || segment.bytes > room) {
      portions.push([segment]);
      room = BYTES_A_PORTION - segment.bytes;
    } else {
      last.push(segment);
      room -= segment.bytes;
    }
  }
  return portions;
}

interface Numbered {
  readonly segment: SizedSegment;
  readonly number: number;
}

type KindTarget = LoadTarget & { readonly kind: Kind };

/**
 * DuckDB reads what lies in the checkout while every line of it is looked at here. What turns out to be not as it
 * should be (a file that was edited, a line of another form) is taken out again and read from a text written anew.
 */
async function loadPortion(
  target: KindTarget,
  portion: readonly Numbered[],
  options: LoadOptions,
  read: (segment: SizedSegment) => void,
): Promise<void> {
  const folder = loadFolder();
  const files = new Map<number, string>();
  const examined: Examined[] = [];
  const found = await Promise.all(portion.map(({ segment }) => checkoutFile(segment, options.workTree)));
  for (const [at, { number }] of portion.entries()) {
    const file = found[at];
    if (file !== undefined) files.set(number, file.path);
  }
  options.signal?.throwIfAborted();
  const reading = insertFiles(target, files).then(
    () => true,
    () => false,
  );
  try {
    for (const [at, { segment, number }] of portion.entries()) {
      options.signal?.throwIfAborted();
      examined.push(await examineSegment(target.kind, segment, number, found[at], options, folder));
      read(segment);
    }
    const isRead = await reading;
    options.signal?.throwIfAborted();
    await finish(target, examined, isRead ? files : new Map(), options, folder);
    await rememberSegments(target, examined);
  } finally {
    await reading;
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param inside the files that are in the table already, by the number of their segment */
async function finish(
  target: KindTarget,
  examined: readonly Examined[],
  inside: ReadonlyMap<number, string>,
  options: LoadOptions,
  folder: string,
): Promise<void> {
  const right = new Set<number>();
  for (const { number, file, asItIs } of examined) {
    if (inside.has(number) && file !== undefined && asItIs && (await isUntouched(file))) right.add(number);
  }
  const wrong = [...inside.keys()].filter((number) => !right.has(number));
  await forgetRows(target, wrong);
  const missing = examined.filter(({ number, records }) => records > 0 && !right.has(number));
  try {
    await insertFiles(target, await textFiles(missing, options, folder, false));
  } catch {
    options.signal?.throwIfAborted();
    // A form that the pattern lets pass and DuckDB does not, such as bytes that are no UTF-8.
    await insertFiles(target, await textFiles(missing, options, folder, true));
  }
}

/** Files of our own with the text of segments, by number. */
async function textFiles(
  examined: readonly Examined[],
  options: LoadOptions,
  folder: string,
  distrust: boolean,
): Promise<Map<number, string>> {
  const files = new Map<number, string>();
  for (const one of examined) files.set(one.number, await textFile(one, options, folder, distrust));
  return files;
}
