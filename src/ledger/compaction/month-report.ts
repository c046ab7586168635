import type { Oid } from '../../git/repository.ts';
import type { MonthPlan } from './plan-compaction.ts';
import type { MonthContent } from './read-month.ts';

/** What a compaction does to one month of a kind. */
export interface MonthReport {
  readonly kind: string;
  readonly month: string;
  readonly segments_before: number;
  readonly segments_after: number;
  readonly bytes_before: number;
  /** More than before where a last line had no end. */
  readonly bytes_after: number;
  readonly records: number;
  /** Lines that are no records; they stay where they are. */
  readonly unreadable: number;
  /** Of the set of lines, the same before and after. SHA-256, hexadecimal. */
  readonly digest: string;
  /** The commit that did it; null in a plan. */
  readonly commit: Oid | null;
}

export function monthReport(
  { kind, month, groups }: MonthPlan,
  { facts, bytes }: MonthContent,
  commit: Oid | null = null,
): MonthReport {
  return {
    kind,
    month,
    segments_before: groups.flat().length,
    segments_after: groups.length,
    bytes_before: bytes.before,
    bytes_after: bytes.after,
    ...facts,
    commit,
  };
}
