import { z } from 'zod';

// What cells and records say, as far as the audit goes by it. Written from the description of the formats and not
// from the queue's own schemas, so that a fault in those does not hide here. Other fields are nobody's business.

const id = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/);
const word = z.string().min(1);
const number = z.int().min(0);

export const endStates = ['shipped', 'failed', 'dead', 'cancelled'] as const;
export type EndState = (typeof endStates)[number];

/** `queue/claims/<slot>.json` in a commit of a cell. */
export const claimStatement = z.object({
  slot_id: id,
  item_id: id,
  state: z.enum(['claimed', 'released', ...endStates]),
  worker_id: word,
  token: z.int().min(1),
  nonce: word,
  expired: z.object({ commit: word, token: number, worker_id: word, judged_by: word }).optional(),
  result: z.object({ branch_name: word.optional(), commit_hash: word.optional() }).optional(),
});
export type ClaimStatement = z.infer<typeof claimStatement>;

/** A line of `state/slot_event`. */
export const slotStatement = z.object({
  id: word,
  slot_id: id,
  item_id: id,
  event: z.enum(['claimed', 'renewed', 'released', 'expired', ...endStates, 'revived']),
  token: number,
  worker_id: word.optional(),
  commit: word.optional(),
});
export type SlotStatement = z.infer<typeof slotStatement>;

/** A line of `state/item_event`. */
export const itemStatement = z.object({
  id: word,
  item_id: id,
  event: z.enum(['queued', 'complete', 'cancelled', 'revived']),
  slots: z.array(id),
  ends: z.partialRecord(z.enum(endStates), number).optional(),
});
export type ItemStatement = z.infer<typeof itemStatement>;

/** A line of `state/outcome` that the queue wrote about a slot. */
export const outcomeStatement = z.object({
  id: word,
  outcome: word,
  branch_name: word.optional(),
  commit_hash: word.optional(),
  extra: z.object({ slot_id: id, token: number }),
});
export type OutcomeStatement = z.infer<typeof outcomeStatement>;

/** `queue/items/<id>.yaml` */
export const itemFile = z.object({
  item_id: id,
  slots: z.array(id).min(1),
  ended: z.record(id, z.object({ end: z.enum(endStates), token: number })).default({}),
});
export type ItemFile = z.infer<typeof itemFile>;

/** `queue/slots/<id>.json` */
export const slotFile = z.object({ slot_id: id, item_id: id, token: number.default(0) });
export type SlotFile = z.infer<typeof slotFile>;

/** `queue/dead/<slot>.json` */
export const deadFile = z.object({ slot: slotFile, attempts: number });
export type DeadFile = z.infer<typeof deadFile>;
