import type { Oid } from '../git/repository.ts';

/** What is known of the history of one kind. */
export interface KindIndex {
  /** Number of an id to number of its content. */
  readonly digests: Map<number, number>;
  readonly segments: Map<string, { readonly oid: Oid; readonly records: number }>;
  /** The segment that was loaded last: the only one that may grow. */
  last: { readonly path: string; readonly pairs: Float64Array };
}

export function emptyIndex(): KindIndex {
  return { digests: new Map(), segments: new Map(), last: { path: '', pairs: new Float64Array() } };
}

/** True when `longer` begins with all of `shorter`. */
export function startsWith(longer: Float64Array, shorter: Float64Array): boolean {
  return shorter.length <= longer.length && shorter.every((number, at) => number === longer[at]);
}
