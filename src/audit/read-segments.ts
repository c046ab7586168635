import type { z } from 'zod';
import type { GitRun } from '../git/program.ts';
import type { Placed } from './evidence.ts';
import { readObjects } from './read-objects.ts';
import type { Violation } from './violation.ts';

/** A file of the ledger branch. */
export interface SegmentFile {
  readonly path: string;
  readonly oid: string;
}

/** A kind of record, as far as the audit reads it. */
export interface LineKind<Schema extends z.ZodType> {
  readonly name: string;
  readonly schema: Schema;
  /** False for a record that is of no concern here. Default: every one is. */
  concerns?(value: object): boolean;
}

/** Segments are up to 256 KiB, compacted ones up to 8 MiB; so many of them are in memory at once. */
const AT_ONCE = 8;

/** The records of a kind in the order in which they were appended. Lines that are no records are told. */
export async function readSegments<Schema extends z.ZodType>(
  run: GitRun,
  files: readonly SegmentFile[],
  kind: LineKind<Schema>,
  unreadable: Violation[],
): Promise<Placed<z.infer<Schema>>[]> {
  const segments = segmentsOf(kind.name, files);
  const found: Placed<z.infer<Schema>>[] = [];
  const names = segments.map(({ oid }) => oid);
  const take = (at: number, content: Buffer | undefined) => {
    const path = segments[at]?.path ?? '';
    for (const [index, line] of (content?.toString('utf8') ?? '').split('\n').entries())
      if (line !== '') takeLine(kind, line, `${path}:${index + 1}`, found, unreadable);
  };
  await readObjects(names, run, take, AT_ONCE);
  return found;
}

function segmentsOf(kind: string, files: readonly SegmentFile[]): SegmentFile[] {
  const shape = new RegExp(`^state/${kind}/(\\d{4}-\\d{2})/(\\d{4,})\\.jsonl$`);
  const found = files.flatMap((file) => {
    const [, month = '', number] = shape.exec(file.path) ?? [];
    return number === undefined ? [] : [{ ...file, month, number: Number(number) }];
  });
  return found.sort((a, b) => (a.month === b.month ? a.number - b.number : a.month < b.month ? -1 : 1));
}

function takeLine<Schema extends z.ZodType>(
  { name, schema, concerns = () => true }: LineKind<Schema>,
  line: string,
  where: string,
  found: Placed<z.infer<Schema>>[],
  unreadable: Violation[],
): void {
  const value = parsed(line);
  if (value !== undefined && !concerns(value)) return;
  const read = schema.safeParse(value);
  if (read.success && (value as { kind?: unknown }).kind === name) found.push({ said: read.data, where });
  else unreadable.push({ rule: 'bad-record', where, found: line.slice(0, 80), expected: `a ${name}` });
}

function parsed(line: string): object | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
