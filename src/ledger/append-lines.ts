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
    const open = (await listSegments(snapshot, kindName)).filter((segment) => segment.month === month).at(-1);
    const start = open === undefined ? [] : [withLineEnd((await snapshot.blob(open.oid)).toString('utf8'))];
    const contents = fill(start, texts, segmentBytes);
    const first = open?.number ?? 1;
    const fresh = contents.map((content, at) => ({ put: segmentPath(kindName, month, first + at), content }));
    // The open segment was full already: it is not rewritten.
    edits.push(...(contents[0] === start[0] ? fresh.slice(1) : fresh));
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

/** A tool that cut the last line end must not make one line of two records. */
function withLineEnd(content: string): string {
  return content === '' || content.endsWith('\n') ? content : `${content}\n`;
}

function fill(start: readonly string[], texts: readonly string[], segmentBytes: number): string[] {
  const closed: string[] = [];
  let open = [...start];
  let size = open.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  for (const text of texts) {
    const bytes = Buffer.byteLength(text);
    if (size > 0 && size + bytes > segmentBytes) {
      closed.push(open.join(''));
      open = [];
      size = 0;
    }
    open.push(text);
    size += bytes;
  }
  return [...closed, open.join('')];
}
