import { checkBranches } from './check-branches.ts';
import type { Hold } from './judge-holds.ts';
import { judgeQueue } from './judge-queue.ts';
import { readCells } from './read-cells.ts';
import { readLedger } from './read-ledger.ts';
import type { Violation } from './violation.ts';
import { type EvidenceOptions, withEvidence } from './with-evidence.ts';

export interface AuditOptions extends EvidenceOptions {
  /** Also holds every shipped result against the head of its branch. Default false. */
  readonly branches?: boolean;
  /** Times in which workers believed that they held slots, when somebody wrote them down. */
  readonly holds?: readonly Hold[];
}

export interface AuditReport {
  readonly slots: number;
  readonly items: number;
  /** Slots in the queue. */
  readonly live: number;
  /** Slots by how their present life ended. */
  readonly ended: Readonly<Record<'shipped' | 'failed' | 'dead' | 'cancelled', number>>;
  /** Claims in the records, and those in cells that are not folded yet. */
  readonly claims: number;
  readonly cells: number;
  /** Slots that were claimed after they had left the queue. That counts for nothing, and breaks no rule. */
  readonly strays: readonly string[];
  readonly violations: readonly Violation[];
}

/**
 * Replays what cells and records say about every slot, and names each place where they break a rule of the queue.
 * It shares no code with what writes them. Only reads. Throws `no-ledger`, and `git-failed` with git's words.
 */
export async function auditQueue(options: AuditOptions): Promise<AuditReport> {
  return withEvidence(options, async (place) => {
    const cells = await readCells(place);
    const ledger = await readLedger(place, options.ledgerBranch);
    const holds = options.holds ?? [];
    const { results, violations, ...counts } = judgeQueue({ ledger, cells, holds });
    const mismatches = options.branches === true ? await checkBranches(place, results) : [];
    return { ...counts, violations: [...violations, ...mismatches] };
  });
}
