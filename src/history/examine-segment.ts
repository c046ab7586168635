import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Kind } from '../contracts/kind.ts';
import type { LoadOptions, SizedSegment } from './load-options.ts';
import { type RecordLines, readingLines, type UnreadLine } from './record-lines.ts';
import { type CheckoutFile, readSegment } from './segment-content.ts';

/** What was found in a segment. Its text is not kept in memory. */
export interface Examined {
  readonly kind: Kind;
  readonly segment: SizedSegment;
  readonly number: number;
  readonly records: number;
  readonly unread: readonly UnreadLine[];
  /** The file of the checkout that holds just this segment. */
  readonly file: CheckoutFile | undefined;
  /** True when DuckDB may read the segment as it was committed. */
  readonly asItIs: boolean;
}

/** Looks at every line. What DuckDB cannot read where it lies is written into the folder. */
export async function examineSegment(
  kind: Kind,
  segment: SizedSegment,
  number: number,
  file: CheckoutFile | undefined,
  { snapshot, signal }: LoadOptions,
  folder: string,
): Promise<Examined> {
  const { content, isFile } = await readSegment(snapshot, segment, file);
  const { text, records, unread } = await inSteps(readingLines(kind, content), signal);
  const asItIs = text === undefined;
  if (!isFile || !asItIs) await write(pathOf(folder, number), text ?? content);
  return { kind, segment, number, records, unread, file: isFile ? file : undefined, asItIs };
}

/**
 * A file of our own with the records of a segment.
 * @param distrust true: every line is written anew
 */
export async function textFile(
  { kind, segment, number, file, asItIs }: Examined,
  { snapshot, signal }: LoadOptions,
  folder: string,
  distrust: boolean,
): Promise<string> {
  const path = pathOf(folder, number);
  if (!distrust && (file === undefined || !asItIs)) return path;
  const content = await snapshot.blob(segment.oid);
  await write(
    path,
    (distrust ? (await inSteps(readingLines(kind, content, true), signal)).text : undefined) ?? content,
  );
  return path;
}

/** Somebody who presses Ctrl-C in a segment of 200 MB is heard. */
async function inSteps(
  reading: Generator<undefined, RecordLines>,
  signal: AbortSignal | undefined,
): Promise<RecordLines> {
  for (;;) {
    const step = reading.next();
    if (step.done === true) return step.value;
    await setImmediate();
    signal?.throwIfAborted();
  }
}

function pathOf(folder: string, number: number): string {
  return join(folder, `${number}.jsonl`);
}

async function write(path: string, content: Buffer): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
  await writeFile(path, content);
}
