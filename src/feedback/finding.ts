import type { Delta } from '../contracts/delta.ts';
import type { Evidence, Recommendation } from '../contracts/recommendation.ts';

/** Something that the data supports, at the false discovery rate of the settings. */
export interface Finding {
  readonly type: Recommendation['recommendation_type'];
  readonly persona: string;
  readonly priority: Recommendation['priority'];
  readonly title: string;
  readonly evidence: readonly Evidence[];
  /** Changes that code can make. */
  readonly deltas?: readonly Delta[];
  /** What a person or a model should look into. */
  readonly text?: string;
}

/** Something that may be there: small p, but not small enough among so many comparisons. */
export interface Watched {
  readonly title: string;
  readonly p_value: number;
  readonly p_adjusted: number;
}

/** Something that nobody can judge yet. */
export interface TooFew {
  readonly title: string;
  readonly n: number;
  readonly needed: number;
}

/** What one family of tests has to say. */
export interface FamilyResult {
  readonly comparisons: number;
  readonly findings: readonly Finding[];
  readonly watch: readonly Watched[];
  readonly notEnough: readonly TooFew[];
}

/** Below this unadjusted p a comparison that is no finding is still worth watching. */
export const WATCH_BELOW = 0.1;

export function percent(part: number, whole: number): string {
  return whole === 0 ? 'none' : `${((100 * part) / whole).toFixed(1)} %`;
}

export function showP(p: number): string {
  return p < 0.0001 ? '< 0.0001' : p.toFixed(4);
}

/** As a part of a sentence: "p = 0.0123" or "p < 0.0001". */
export function sayP(p: number): string {
  return p < 0.0001 ? 'p < 0.0001' : `p = ${p.toFixed(4)}`;
}
