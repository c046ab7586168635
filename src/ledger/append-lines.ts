import type { Edit } from '../git/edit.ts';
import type { Snapshot } from '../git/snapshot.ts';
import { segmentPath } from './paths.ts';
import { listSegments } from './segments.ts';

export interface Line {
  /** `yyyy-mm` of the record's `recorded_at`. */
  readonly month: string;
  /** The record as JSON, with its line end. */
  readonly text: string;
}

/**
 * Edits that append lines to the open segment of a kind and open new ones as they fill up. A segment is
 * closed when the next line would not fit, so a commit never rewrites more than `segmentBytes`.
 */
export async function appendLines(
  snapshot: Snapshot,
  kindName: string,
  lines: readonly Line[],
  segmentBytes: number,
): Promise<Edit[]> {
  const edits: Edit[] = [];
  for (const [month, texts] of byMonth(lines)) {
    const open = await openSegment(snapshot, kindName, month);
    const [here = '', ...further] = fill(open.bytes, texts, segmentBytes);
    // What is there keeps its bytes, whatever they are: the open segment is appended to, a full one left alone.
    if (here !== '') edits.push({ append: open.path, content: `${open.lineEnd}${here}` });
    for (const [at, content] of further.entries())
      edits.push({ put: segmentPath(kindName, month, open.number + 1 + at), content });
  }
  return edits;
}

function byMonth(lines: readonly Line[]): Map<string, string[]> {
  const months = new Map<string, string[]>();
  for (const { month, text } of lines) {
    const texts = months.get(month);
    if (texts === undefined) months.set(month, [text]);
    else texts.push(text);
  }
  return months;
}

interface OpenSegment {
  readonly path: string;
  readonly number: number;
  readonly bytes: number;
  /** What has to come first: a tool that cut the last line end must not make one line of two records. */
  readonly lineEnd: '' | '\n';
}

async function openSegment(snapshot: Snapshot, kindName: string, month: string): Promise<OpenSegment> {
  const last = (await listSegments(snapshot, kindName)).filter((segment) => segment.month === month).at(-1);
  if (last === undefined) return { path: segmentPath(kindName, month, 1), number: 1, bytes: 0, lineEnd: '' };
  const content = await snapshot.blob(last.oid);
  const lineEnd = content.length === 0 || content.at(-1) === 10 ? '' : '\n';
  return { path: last.path, number: last.number, bytes: content.length + lineEnd.length, lineEnd };
}

/** The texts in portions: what still fits into the open segment, then one for each further segment. */
function fill(openBytes: number, texts: readonly string[], segmentBytes: number): string[] {
  const portions: string[][] = [[]];
  let size = openBytes;
  for (const text of texts) {
    const bytes = Buffer.byteLength(text);
    if (size > 0 && size + bytes > segmentBytes) {
      portions.push([]);
      size = 0;
    }
    portions.at(-1)?.push(text);
    size += bytes;
  }
  return portions.map((portion) => portion.join(''));
}
