import { contentKey } from '../../contracts/ids.ts';
import type { Segment } from '../segments.ts';

export interface SizedSegment extends Segment {
  readonly bytes: number;
}

export interface CompactionRules {
  /** `yyyy-mm` by the clock of the workspace. This month and those after it are still written. */
  readonly currentMonth: string;
  /** `yyyy-mm`: leaves this month and those after it alone, too. */
  readonly before?: string;
  /** A merged segment holds at most this, apart from line ends that its parts lacked. */
  readonly mostBytes: number;
}

/** What becomes of one month of a kind. */
export interface MonthPlan {
  readonly kind: string;
  readonly month: string;
  /** The segments in their order, each group one segment afterwards. A group of one stays as it is. */
  readonly groups: readonly (readonly SizedSegment[])[];
  /** Names the segments that the plan is based on, and what becomes of them. */
  readonly key: string;
}

export interface CompactionPlan {
  /** The same for the same months, segments and groups, whoever makes the plan, and when. */
  readonly id: string;
  readonly months: readonly MonthPlan[];
}

/**
 * Decides which segments of closed months become one. Neighbours are merged in their order and never split, so
 * that what was planned once has nothing left to do. Pure.
 *
 * A month is closed when it lies before the current one and before the newest that its kind holds: with a clock
 * that jumped ahead, the newest month is the one that is still written.
 * @param segments of any number of kinds, oldest first within each
 */
export function planCompaction(segments: readonly SizedSegment[], rules: CompactionRules): CompactionPlan {
  const kinds = groupBy(segments, ({ kind }) => kind);
  const months = [...kinds].flatMap(([kind, mine]) => planKind(kind, mine, rules));
  return { id: contentKey(months.map(({ key }) => key)), months };
}

function groupBy(
  segments: readonly SizedSegment[],
  nameOf: (segment: SizedSegment) => string,
): Map<string, SizedSegment[]> {
  const groups = new Map<string, SizedSegment[]>();
  for (const segment of segments) {
    const name = nameOf(segment);
    groups.set(name, groups.get(name) ?? []);
    groups.get(name)?.push(segment);
  }
  return groups;
}

function planKind(kind: string, segments: readonly SizedSegment[], rules: CompactionRules): MonthPlan[] {
  const months = groupBy(segments, ({ month }) => month);
  const open = firstOpenMonth([...months.keys()], rules);
  return [...months].flatMap(([month, mine]) => {
    const groups = month < open ? groupNeighbours(mine, rules.mostBytes) : [];
    if (groups.every((group) => group.length === 1)) return [];
    const basis = groups.map((group) => group.map(({ path, oid }) => [path, oid]));
    return [{ kind, month, groups, key: contentKey([kind, month, basis]) }];
  });
}

/** Months are compared as text. The last one held is the newest, because segments come oldest first. */
function firstOpenMonth(held: readonly string[], { currentMonth, before }: CompactionRules): string {
  const bounds = [currentMonth, held.at(-1) ?? currentMonth, before ?? currentMonth];
  return bounds.reduce((first, month) => (month < first ? month : first));
}

/** As many as fit, from the front. What is larger by itself stays alone. */
function groupNeighbours(segments: readonly SizedSegment[], mostBytes: number): SizedSegment[][] {
  const groups: SizedSegment[][] = [];
  let room = mostBytes;
  for (const segment of segments) {
    const last = groups.at(-1);
    if (last !== undefined && segment.bytes <= room) last.push(segment);
    else {
      groups.push([segment]);
      room = mostBytes;
    }
    room -= segment.bytes;
  }
  return groups;
}
