import type { Share } from './share.ts';

/** A row of the acceptance table, held against the share that the product reached. */
export interface Acceptance {
  readonly suite: string;
  readonly metric: string;
  readonly found: Share;
  readonly target: number;
  readonly atLeast: boolean;
  readonly pass: boolean;
  /** Whether the whole 95 % interval is on the right side, not only the share itself. */
  readonly clear: boolean;
}

export function acceptance(
  suite: string,
  metric: string,
  found: Share,
  bound: { atLeast: number } | { atMost: number },
): Acceptance {
  const atLeast = 'atLeast' in bound;
  const target = atLeast ? bound.atLeast : bound.atMost;
  const pass = atLeast ? found.share >= target : found.share <= target;
  const clear = atLeast ? found.lower >= target : found.upper <= target;
  return { suite, metric, found, target, atLeast, pass, clear };
}
