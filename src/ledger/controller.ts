import type { RecordIndex } from './record-index.ts';
import type { Workspace } from './workspace.ts';

/** What every controller gets in a pass. */
export interface PassContext {
  readonly workspace: Workspace;
  readonly index: RecordIndex;
  /** True when a person reads the plan: summaries may then cost more to make. */
  readonly detailed?: boolean;
}

/** A contract that was refused. */
export interface RejectedContract {
  /** Where it was dropped. */
  readonly path: string;
  /** Where it lies now; the page that says why is beside it. */
  readonly to: string;
  /** The first thing that is wrong, as `describeIssue` says it. */
  readonly problem: string;
  /** Its line in the file, where it has one. */
  readonly line?: number;
}

/** What one step did. Only what is said here counts as done. */
export interface StepReport {
  /** False: the world was already as it should be. */
  readonly changed: boolean;
  readonly accepted?: Readonly<Record<string, number>>;
  readonly unchanged?: number;
  readonly rejected?: readonly RejectedContract[];
  /** Files that may still be written and wait for the next round. */
  readonly settling?: number;
  readonly findings?: number;
  readonly proposal?: ProposalReport;
}

/** The typed result that every proposal gets in every pass. */
export interface ProposalReport {
  readonly proposal_id: string;
  readonly result: string;
  readonly detail?: string;
}

/** One thing that a controller wants done. */
export interface Step {
  readonly controller: string;
  /** For people: what would be done. */
  readonly summary: string;
  /** False for a step that only reports how things stand. */
  readonly changes: boolean;
  /** For steps about a proposal: what its typed result would be. */
  readonly proposal?: ProposalReport;
  apply(): Promise<StepReport>;
}

/**
 * A planner for one concern. `plan` reads the workspace as it is now and says what is missing; it ignores
 * what woke it, so a pass that was killed anywhere is simply planned again. `apply` of a step is safe to
 * repeat.
 */
export interface Controller {
  readonly name: string;
  plan(context: PassContext): Promise<Step[]>;
}
