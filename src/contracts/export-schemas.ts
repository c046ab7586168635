import { z } from 'zod';
import { idSchema } from './ids.ts';
import type { Kind } from './kind.ts';
import { kinds } from './kinds.ts';
import { persona } from './persona.ts';
import { sourceSchema } from './record.ts';
import { settings } from './settings.ts';
import { claim, workItem, workSlot } from './work.ts';

/** The JSON Schema files of every kind, by path. The same code gives the same bytes. */
export function exportSchemas(): Map<string, string> {
  const contracts = kinds.map(
    (kind) => [`state/schemas/${kind.name}.v${kind.schemaVersion}.json`, contractSchema(kind)] as const,
  );
  const declared = [
    ['state/schemas/persona.v1.json', z.toJSONSchema(persona, { io: 'input', unrepresentable: 'any' })],
    ['state/schemas/millwright.v1.json', z.toJSONSchema(settings, { io: 'input', unrepresentable: 'any' })],
    ['state/schemas/item.v1.json', z.toJSONSchema(workItem, { io: 'input', unrepresentable: 'any' })],
    ['state/schemas/slot.v1.json', z.toJSONSchema(workSlot, { io: 'input', unrepresentable: 'any' })],
    ['state/schemas/claim.v1.json', z.toJSONSchema(claim, { io: 'input', unrepresentable: 'any' })],
  ] as const;
  return new Map(
    [...contracts, ...declared].map(([path, schema]) => [path, `${JSON.stringify(schema, null, 2)}\n`]),
  );
}

/** A contract as people drop it: the kind's own fields, and those of the envelope that may be given. */
function contractSchema(kind: Kind): object {
  const envelope = {
    id: idSchema.optional(),
    kind: z.literal(kind.name).optional(),
    schema_version: z.literal(kind.schemaVersion).optional(),
    source: sourceSchema.optional(),
  };
  const whole = z.strictObject({ ...envelope, ...kind.fields.shape });
  return {
    title: kind.name,
    description: kind.summary,
    ...z.toJSONSchema(whole, { io: 'input', unrepresentable: 'any' }),
  };
}
