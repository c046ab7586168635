import type { Snapshot } from '../../git/snapshot.ts';
import type { BadLine } from '../segments.ts';
import { hashLines, type LineHashes } from './hash-lines.ts';
import { joinSegments } from './join-segments.ts';
import type { MonthPlan, SizedSegment } from './plan-compaction.ts';
import { type RecordFacts, RecordSet } from './record-set.ts';

export interface MonthContent {
  readonly facts: RecordFacts;
  readonly bad: readonly BadLine[];
  /** Of all segments of the month, before and after. */
  readonly bytes: { readonly before: number; readonly after: number };
  /** The lines of segments that stay as they are, by blob id: nobody has to read them again. */
  readonly untouched: ReadonlyMap<string, LineHashes>;
}

/**
 * Reads the segments of a month, a group at a time: one merged segment is in memory, not the month.
 * @param onMerged gets each group of several segments, and what they hold together
 */
export async function readMonth(
  snapshot: Snapshot,
  plan: MonthPlan,
  onMerged: (group: readonly SizedSegment[], content: Buffer) => Promise<void> = async () => undefined,
): Promise<MonthContent> {
  const records = new RecordSet();
  const untouched = new Map<string, LineHashes>();
  let after = 0;
  for (const group of plan.groups) {
    const contents: Buffer[] = [];
    for (const { oid, path } of group) {
      const content = await snapshot.blob(oid);
      const hashed = hashLines(content);
      if (group.length === 1) untouched.set(oid, hashed);
      records.add(path, hashed);
      contents.push(content);
    }
    const [first = Buffer.alloc(0)] = contents;
    const content = group.length === 1 ? first : joinSegments(contents);
    after += content.length;
    if (group.length > 1) await onMerged(group, content);
  }
  const before = plan.groups.flat().reduce((sum, { bytes }) => sum + bytes, 0);
  return { facts: records.facts(), bad: records.bad, bytes: { before, after }, untouched };
}
