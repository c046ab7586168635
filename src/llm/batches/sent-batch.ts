import type { BatchAdapter } from '../adapters/adapter.ts';
import type { Reservation } from '../budgets/budget.ts';
import type { ReadyTier } from '../plan-tier.ts';
import type { Port } from '../port.ts';
import type { BatchRequest } from './batch-request.ts';
import type { OpenBatch } from './find-open-batches.ts';

/** A batch at its provider, and what this run wants of it. */
export interface SentBatch<T> {
  readonly port: Port;
  readonly plan: ReadyTier;
  readonly batches: BatchAdapter;
  readonly batch: OpenBatch;
  readonly requests: readonly BatchRequest<T>[];
  /** By hash. Empty for a batch that an earlier run has sent: that run has counted its worst case. */
  readonly promised: ReadonlyMap<string, Reservation>;
  /** How long to wait while it is under way. */
  readonly waitMs: number;
}
