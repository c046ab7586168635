import { z } from 'zod';
import { kebab, line, name, prose } from './fields.ts';

/** One change to one persona. Code applies it; nothing rewrites a persona as a whole. */
export const delta = z.discriminatedUnion('op', [
  z.strictObject({
    op: z.literal('set_route'),
    domain: name.nullable().describe('null sets the default route.'),
    model: name,
  }),
  z.strictObject({
    op: z.literal('unset_route'),
    domain: name.describe('Its work takes the default again.'),
  }),
  z.strictObject({
    op: z.literal('add_bullet'),
    id: kebab,
    section: line,
    text: prose,
    evidence: z.array(name).max(200).default([]),
  }),
  z.strictObject({ op: z.literal('update_bullet'), id: kebab, text: prose }),
  z.strictObject({ op: z.literal('remove_bullet'), id: kebab, why: line }),
  z.strictObject({
    op: z.literal('set_field'),
    field: z.enum(['role', 'tier', 'identity.summary', 'identity.mission']),
    value: prose,
  }),
]);
export type Delta = z.infer<typeof delta>;

/** The part of the persona that a delta touches. A patch changes one component only. */
export function componentOf(change: Delta): string {
  if (change.op === 'set_route' || change.op === 'unset_route') return 'routing';
  if (change.op === 'set_field') return change.field.split('.')[0] ?? change.field;
  return 'playbook';
}

/** One line for people. */
export function describeDelta(change: Delta): string {
  switch (change.op) {
    case 'set_route':
      return `route ${change.domain ?? 'everything else'} to ${change.model}`;
    case 'unset_route':
      return `route ${change.domain} as everything else`;
    case 'add_bullet':
      return `add bullet ${change.id}`;
    case 'update_bullet':
      return `update bullet ${change.id}`;
    case 'remove_bullet':
      return `retire bullet ${change.id}`;
    case 'set_field':
      return `set ${change.field}`;
  }
}
