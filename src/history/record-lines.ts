import { z } from 'zod';
import { instant } from '../contracts/fields.ts';
import type { Kind } from '../contracts/kind.ts';
import { LONGEST_PLAIN_LINE } from './json-pattern.ts';
import { linePattern } from './line-pattern.ts';

/** A line that is no record of its kind. It stays in its segment. */
export interface UnreadLine {
  /** From 1. */
  readonly line: number;
  /** How it begins. */
  readonly found: string;
}

export interface RecordLines {
  /** The records in the form that DuckDB reads, one a line; undefined when the content is that already. */
  readonly text: Buffer | undefined;
  readonly records: number;
  readonly unread: readonly UnreadLine[];
}

/** What DuckDB takes as one object. */
export const LONGEST_LINE = 16_000_000;

/**
 * Holds every line of a segment against the schema of its kind. A line as Millwright writes it is known by its
 * pattern and taken as it is. Another one is read, and written anew, because DuckDB guesses where it should refuse
 * (a number for a name, an offset that it drops) and refuses where JSON does not (a key twice, half a surrogate
 * pair). What does not fit is named.
 * @param distrust true: no line is taken as it is
 */
export function recordLines(kind: Kind, content: Buffer, distrust = false): RecordLines {
  const reading = readingLines(kind, content, distrust);
  for (;;) {
    const step = reading.next();
    if (step.done === true) return step.value;
  }
}

/** The same in steps of some megabytes, for those who have to listen to others in between. */
export function* readingLines(
  kind: Kind,
  content: Buffer,
  distrust = false,
): Generator<undefined, RecordLines> {
  const reader = { pattern: distrust ? undefined : patternOf(kind), schema: schemaOf(kind) };
  const kept: Buffer[] = [];
  const unread: UnreadLine[] = [];
  let [records, number, taken, rewritten] = [0, 0, 0, false];
  for (const part of parts(content)) {
    const bytes = reader.pattern === undefined ? '' : part.toString('latin1');
    for (let at = 0; at < part.length; ) {
      number += 1;
      const next = lineEnd(part, at);
      if (isPlain(reader.pattern, bytes, at, next)) records += 1;
      else {
        const read = readLine(reader.schema, part.subarray(at, next), number);
        rewritten = true;
        kept.push(part.subarray(taken, at));
        taken = next;
        if (typeof read === 'string') kept.push(Buffer.from(read));
        else if (read !== undefined) unread.push(read);
        if (typeof read === 'string') records += 1;
      }
      at = next;
    }
    kept.push(part.subarray(taken));
    taken = 0;
    yield;
  }
  return { text: rewritten ? Buffer.concat(kept) : undefined, records, unread };
}

/** True for a line that is taken as it is. A long one is not even tried: its length bounds what a pattern costs. */
function isPlain(pattern: RegExp | undefined, bytes: string, at: number, next: number): boolean {
  if (pattern === undefined || next - at > LONGEST_PLAIN_LINE) return false;
  pattern.lastIndex = at;
  return pattern.test(bytes) && pattern.lastIndex === next;
}

const PART_BYTES = 4_000_000;

/** Whole lines in portions: a text of V8 holds half a gigabyte, a segment of another tool may be larger. */
function* parts(content: Buffer): Generator<Buffer> {
  for (let at = 0; at < content.length; ) {
    const full = at + PART_BYTES < content.length;
    const end = full ? lineEnd(content, at + PART_BYTES) : content.length;
    yield content.subarray(at, end);
    at = end;
  }
}

/** Where the next line begins. */
function lineEnd(content: Buffer, at: number): number {
  const found = content.indexOf(10, at);
  return found === -1 ? content.length : found + 1;
}

/** The record as JSON with its line end; undefined for an empty line. */
function readLine(schema: z.ZodType, bytes: Buffer, line: number): string | UnreadLine | undefined {
  const isLong = bytes.length > LONGEST_LINE;
  const text = bytes.toString('utf8', 0, isLong ? MOST_SHOWN * 4 : bytes.length).replace(/\n$/, '');
  if (text === '') return undefined;
  const read = isLong ? undefined : schema.safeParse(parsed(text));
  if (read?.success === true) return `${wellFormed(JSON.stringify(read.data))}\n`;
  return { line, found: text.slice(0, MOST_SHOWN) };
}

const MOST_SHOWN = 80;

const patterns = new Map<string, RegExp | undefined>();

function patternOf(kind: Kind): RegExp | undefined {
  if (!patterns.has(kind.name)) patterns.set(kind.name, linePattern(kind));
  return patterns.get(kind.name);
}

const schemas = new Map<string, z.ZodType>();

function schemaOf(kind: Kind): z.ZodType {
  const known = schemas.get(kind.name);
  if (known !== undefined) return known;
  const envelope = {
    id: z.string().min(1),
    kind: z.literal(kind.name),
    schema_version: z.int32(),
    recorded_at: instant,
    source: z.string(),
  };
  // Not strict: a field that only a newer version knows does not make the rest unreadable.
  const schema = z.object({ ...envelope, ...kind.fields.shape });
  schemas.set(kind.name, schema);
  return schema;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** JSON text shows half a surrogate pair as an escape, and a whole pair as it is. */
function wellFormed(json: string): string {
  if (!json.includes('\\ud')) return json;
  return json.replaceAll(/(?<=(?:^|[^\\])(?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/g, '\\ufffd');
}
