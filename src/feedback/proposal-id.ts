import type { Patch } from '../contracts/patch.ts';
import { changeKey } from './change-key.ts';

/** The branch of a patch, and its key on the forge: the persona, and a hash of what would change. */
export function proposalId(patch: Pick<Patch, 'persona_id' | 'from_version' | 'deltas'>): string {
  return `millwright/persona-${patch.persona_id}/${changeKey(`${patch.persona_id}@${patch.from_version}`, patch.deltas)}`;
}
