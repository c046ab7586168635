import type { Workspace } from '../ledger/workspace.ts';
import type { Split } from './gate/split-of.ts';

/**
 * The tasks that the analysis may look at. Where patches are tested, those that they are tested on are kept back:
 * a change that the same tasks suggested and confirmed would be confirmed by chance. undefined: all tasks.
 */
export function analysedSplit({ settings }: Pick<Workspace, 'settings'>): Split | undefined {
  return settings.gate.agent === undefined ? undefined : 'reflect';
}
