import type { Step } from '../../ledger/controller.ts';
import type { Io } from '../command.ts';
import { withoutControls } from '../with-workspace.ts';
import { inertWords } from './inert-words.ts';

/** What a pass is doing, for people who watch. It may quote names from outside. */
export function stepLine(io: Io, { summary }: Pick<Step, 'summary'>): string {
  return inertWords(io, `  ${withoutControls(summary)}\n`);
}
