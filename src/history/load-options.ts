import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Snapshot } from '../git/snapshot.ts';
import type { Segment } from '../ledger/segments.ts';

/** Whence segments are read, and who is told. */
export interface LoadOptions {
  readonly snapshot: Snapshot;
  /** Root of a checkout that may hold the segments as files. */
  readonly workTree?: string | undefined;
  /** Stops a load between two segments. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
}

/** How far a load is, in bytes of segments. */
export interface LoadProgress {
  readonly bytes: number;
  readonly of: number;
}

/** A segment and its size. */
export interface SizedSegment extends Segment {
  readonly bytes: number;
}

export async function withSizes(segments: readonly Segment[], snapshot: Snapshot): Promise<SizedSegment[]> {
  const oids = segments.map(({ oid }) => oid);
  await snapshot.prefetch(oids);
  const sizes = await snapshot.sizes(oids);
  return segments.map((segment) => ({ ...segment, bytes: sizes.get(segment.oid) ?? 0 }));
}

export function bytesOf(segments: readonly { readonly bytes: number }[]): number {
  return segments.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** A folder that one load makes when it needs one, and removes. */
export function loadFolder(): string {
  return join(tmpdir(), `millwright-load-${process.pid}-${randomBytes(8).toString('hex')}`);
}
