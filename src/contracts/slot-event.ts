import { z } from 'zod';
import { count, instant, line, name } from './fields.ts';
import { idSchema } from './ids.ts';
import { defineKind } from './kind.ts';

/** How a slot can end. A dead slot waits for a person, who may revive it. */
export const slotEnds = ['shipped', 'failed', 'dead', 'cancelled'] as const;
export const slotEnd = z.enum(slotEnds);
export type SlotEnd = z.infer<typeof slotEnd>;

/** One step in the life of a slot, as its cell told it. */
export const slotEvent = defineKind({
  name: 'slot_event',
  summary: 'One step in the life of a slot: claimed, renewed, released, expired, or how it ended.',
  schemaVersion: 1,
  idField: 'slot_event_id',
  fields: z.strictObject({
    slot_event_id: idSchema.optional(),
    slot_id: idSchema,
    item_id: idSchema,
    event: z
      .enum(['claimed', 'renewed', 'released', 'expired', ...slotEnds, 'revived'])
      .describe('What happened; shipped, failed, dead and cancelled are ends.'),
    token: count.describe('The number of the claim. It grows with every claim of the slot.'),
    worker_id: name.optional(),
    at: instant.describe('By the clock of the worker that wrote it.'),
    commit: name.optional().describe('The commit of the cell that said so.'),
    renewals: count.optional().describe('How often the claim was renewed, up to the one at this time.'),
    reason: line.optional(),
  }),
});
export type SlotEvent = z.infer<typeof slotEvent.fields>;

/** An item of work came into being, ended, or was taken up again. */
export const itemEvent = defineKind({
  name: 'item_event',
  summary: 'An item of work was queued, complete or cancelled, or taken up again.',
  schemaVersion: 1,
  idField: 'item_event_id',
  fields: z.strictObject({
    item_event_id: idSchema.optional(),
    item_id: idSchema,
    item_kind: name.describe('The kind of contract that the item came from.'),
    event: z
      .enum(['queued', 'complete', 'cancelled', 'revived'])
      .describe('What happened; complete when every slot has ended.'),
    at: instant.describe('When, UTC.'),
    slots: z.array(idSchema).max(1_000).describe('The slots that this is about.'),
    ends: z.partialRecord(slotEnd, count).optional().describe('How many slots ended in which way.'),
    reason: line.optional(),
  }),
});
export type ItemEvent = z.infer<typeof itemEvent.fields>;
