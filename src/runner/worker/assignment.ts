import type { Workspace } from '../../ledger/workspace.ts';
import type { AgentCommand } from './read-preset.ts';

/** What one attempt at a slot needs to know. */
export interface Assignment {
  readonly slotId: string;
  /** The number of the claim. */
  readonly token: number;
  /** Where the work goes. */
  readonly branch: string;
  /** Renders `prompts/<promptName>.md` of the base branch. */
  readonly promptName: string;
  readonly variables: Readonly<Record<string, unknown>>;
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
