/** A line of a segment, counted from 1. */
export interface SegmentLine {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

export interface LineComparison {
  /** Lines that were there before and are no more, wherever they might have gone. */
  readonly missing: readonly SegmentLine[];
  /** Lines that were not there before. */
  readonly added: readonly SegmentLine[];
}

/** Text by the path of the segment. */
export type Segments = ReadonlyMap<string, string>;

/**
 * Compares the lines of one kind as a multiset, so that lines may move between segments, as they do when months are
 * merged, but none may change or vanish. Pure.
 */
export function compareLines(before: Segments, after: Segments): LineComparison {
  const left = new Map<string, number>();
  for (const { text } of linesOf(after)) left.set(text, (left.get(text) ?? 0) + 1);
  const missing: SegmentLine[] = [];
  for (const line of linesOf(before)) {
    const count = left.get(line.text) ?? 0;
    if (count === 0) missing.push(line);
    else left.set(line.text, count - 1);
  }
  return { missing, added: addedLines(after, left) };
}

/** Of lines that say the same, the last ones are those that were added. */
function addedLines(after: Segments, left: Map<string, number>): SegmentLine[] {
  const added: SegmentLine[] = [];
  for (const line of [...linesOf(after)].reverse()) {
    const count = left.get(line.text) ?? 0;
    if (count === 0) continue;
    left.set(line.text, count - 1);
    added.push(line);
  }
  return added.reverse();
}

function* linesOf(segments: Segments): Generator<SegmentLine> {
  for (const [path, content] of segments) {
    let line = 0;
    for (const text of content.split('\n')) {
      line += 1;
      if (text !== '') yield { path, line, text };
    }
  }
}
