import { z } from 'zod';
import { instant } from '../contracts/fields.ts';
import type { Kind } from '../contracts/kind.ts';
import type { BadLine } from '../ledger/segments.ts';

export interface RecordLines {
  /** The records in the form that DuckDB reads, one a line. */
  readonly text: string;
  readonly bad: readonly BadLine[];
}

/**
 * Holds every line of a segment against the schema of its kind. What fits is written anew, because DuckDB
 * guesses where it should refuse (a number for a name, an offset that it drops) and refuses where JSON does
 * not (a key twice, half a surrogate pair). What does not fit is named, and stays in the segment.
 */
export function recordLines(kind: Kind, path: string, content: string): RecordLines {
  const schema = schemaOf(kind);
  const lines: string[] = [];
  const bad: BadLine[] = [];
  for (const [at, line] of content.split('\n').entries()) {
    if (line === '') continue;
    const read = schema.safeParse(parsed(line));
    if (read.success) lines.push(`${wellFormed(JSON.stringify(read.data))}\n`);
    else bad.push({ path, line: at + 1, found: line.slice(0, 80) });
  }
  return { text: lines.join(''), bad };
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
