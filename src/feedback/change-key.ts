import type { Delta } from '../contracts/delta.ts';
import { contentKey } from '../contracts/ids.ts';

/** What a list of deltas would do to a persona, as a short key: whatever evidence and reasons stand behind it. */
export function changeKey(persona: string, deltas: readonly Delta[]): string {
  return contentKey([persona, deltas.map(changeOf)]);
}

/** A person who refuses a change refuses it whatever the next count of votes is. */
function changeOf(change: Delta): readonly unknown[] {
  switch (change.op) {
    case 'set_route':
      return [change.op, change.domain, change.model];
    case 'unset_route':
      return [change.op, change.domain];
    case 'add_bullet':
      return [change.op, change.id, change.section, change.text];
    case 'update_bullet':
      return [change.op, change.id, change.text];
    case 'remove_bullet':
      return [change.op, change.id];
    case 'set_field':
      return [change.op, change.field, change.value];
  }
}
