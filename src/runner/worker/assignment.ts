import type { Workspace } from '../../ledger/workspace.ts';
import type { AgentCommand } from './read-preset.ts';

/** What one attempt at a slot needs to know. */
export interface Assignment {
  readonly slotId: string;
  /** The number of the claim. */
  readonly token: number;
  /** Where the work goes. */
  readonly branch: string;
  /** The commit that the work starts from. Default: the tip of the base branch. */
  readonly startAt?: string;
  /** False: nobody is to have the work, only what the smoke test says of it. Default: true. */
  readonly publishes?: boolean;
  /** Renders `prompts/<promptName>.md` of the commit that the work starts from. */
  readonly promptName: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Who the agent is, in the words that stand above the task. */
  readonly persona?: string;
  /** Further variables for the environment of agent and smoke test. */
  readonly env: Readonly<Record<string, string>>;
  /** A command, split into words by the rules of split-command.ts. */
  readonly smoke?: string;
  readonly timeLimitMs: number;
  readonly outputLimitBytes: number;
  /** Of the commit. */
  readonly subject: string;
}

export type AttemptPhase = 'worktree' | 'prompt' | 'agent' | 'smoke' | 'push';

export interface AttemptContext {
  readonly workspace: Workspace;
  readonly agent: AgentCommand;
  readonly signal: AbortSignal;
  /** Between SIGTERM and SIGKILL. Default 5 s. */
  readonly graceMs?: number;
  onPhase?(phase: AttemptPhase, detail?: string): void;
  /** Asked right before every push. */
  stillHeld(): Promise<boolean>;
}
