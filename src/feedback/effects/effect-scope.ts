import { z } from 'zod';

const domains = z.array(z.string());

/**
 * The runs of a persona that a patch can touch, by the domain of their work: all, those in these domains only, or all
 * except those in these domains. Work without a domain is in none of them.
 */
export const effectScope = z.discriminatedUnion('runs', [
  z.strictObject({ runs: z.literal('all') }),
  z.strictObject({ runs: z.literal('only'), domains }),
  z.strictObject({ runs: z.literal('except'), domains }),
]);
export type EffectScope = z.infer<typeof effectScope>;
