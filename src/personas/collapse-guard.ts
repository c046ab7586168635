import type { Delta } from '../contracts/delta.ts';
import type { PersonaFile } from './read-persona.ts';

/** A patch that shrinks the persona by more than this share is refused. */
const LARGEST_LOSS = 0.25;
/** A bullet that helped this often is not retired without a reason that says more than a word. */
const PROVEN_HELPFUL = 3;

/**
 * Guards against a persona that is edited away: one bad rewrite costs more than many small gains
 * (context collapse, ACE, arXiv 2510.04618).
 * @returns why the patch is refused; undefined when it is fine
 */
export function collapseProblem(
  before: PersonaFile,
  after: PersonaFile,
  deltas: readonly Delta[],
): string | undefined {
  const loss = 1 - after.text.length / before.text.length;
  if (loss > LARGEST_LOSS)
    return `it would shrink the persona by ${Math.round(loss * 100)} percent; at most ${LARGEST_LOSS * 100} are allowed`;
  for (const change of deltas) {
    if (change.op !== 'remove_bullet') continue;
    const bullet = before.persona.playbook.find(({ id }) => id === change.id);
    const reasoned = change.why.split(/\s+/).length >= 5;
    if (bullet !== undefined && bullet.helpful >= PROVEN_HELPFUL && !reasoned) {
      return `bullet ${bullet.id} has helped ${bullet.helpful} times and the patch does not say why it should go`;
    }
  }
  return undefined;
}
