import { isUtf8 } from 'node:buffer';
import { parseSegment } from '../segments.ts';

/** No kind has fields that are nested so deep; a line that is must not exhaust the stack. */
const DEEPEST = 100;

/**
 * A record as JSON without spaces and with its keys sorted: the same text for the same record, whoever wrote it.
 * @param line without its line end
 * @returns undefined for a line that cannot be read as a record
 */
export function canonicalRecord(line: Buffer): string | undefined {
  // Bytes that are no text would all be read as the same letter.
  if (!isUtf8(line)) return undefined;
  const [entry] = parseSegment('', line.toString('utf8'), () => undefined);
  try {
    return entry === undefined ? undefined : canonicalText(entry, 0);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Written for speed: a compaction does it twice for every line. */
function canonicalText(value: unknown, depth: number): string {
  if (depth > DEEPEST) throw new RangeError('nested too deep for a record');
  if (!isObject(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => canonicalText(item, depth + 1)).join(',')}]`;
  let members = '';
  for (const key of Object.keys(value).sort((a, b) => (a < b ? -1 : 1)))
    members += `${members === '' ? '' : ','}${JSON.stringify(key)}:${canonicalText(value[key], depth + 1)}`;
  return `{${members}}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
