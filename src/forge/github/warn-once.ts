import type { Workspace } from '../../ledger/workspace.ts';

export function warnOnce({ warnings }: Pick<Workspace, 'warnings'>, words: string): void {
  if (!warnings.includes(words)) warnings.push(words);
}
