import { ownNote } from './own-note.ts';
import type { Pull } from './pull-shape.ts';

/** True when this very closing is recorded: a person may have opened it again and closed it once more. */
export function isSettled(pull: Pull): boolean {
  const settled = ownNote(pull)?.settled;
  return pull.state === 'closed' && settled !== undefined && (settled === true || settled === pull.closed_at);
}
