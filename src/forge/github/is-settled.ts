import { readPullBody } from './body/pull-body.ts';
import type { Pull } from './pull-shape.ts';

/** True when this very closing is recorded: a person may have opened it again and closed it once more. */
export function isSettled({ state, body, closed_at: closedAt }: Pull): boolean {
  const settled = readPullBody(body).marker?.settled;
  return state === 'closed' && settled !== undefined && (settled === true || settled === closedAt);
}
