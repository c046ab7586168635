import type { Workspace } from '../../ledger/workspace.ts';
import type { StopSignals } from './heed-signals.ts';
import type { AgentCommand } from './read-preset.ts';
import type { WorkerEvent } from './worker-event.ts';

export interface WorkerOptions extends StopSignals {
  readonly workspace: Workspace;
  readonly agent: AgentCommand;
  /** How many slots are worked on at the same time. */
  readonly concurrency: number;
  /** True: stop when nothing can be claimed any more. */
  readonly once: boolean;
  readonly kinds?: ReadonlySet<string>;
  /** Seconds between two looks for work when there was none. */
  readonly pollSeconds: number;
  onEvent(event: WorkerEvent): void;
}
