import { z } from 'zod';
import type { Usage } from './adapter.ts';

const tokens = z.int().min(0);

/** Tokens as the provider counts them. All but the first two may be missing where the protocol is copied. */
export const anthropicUsageShape = z.object({
  input_tokens: tokens,
  output_tokens: tokens,
  cache_read_input_tokens: tokens.nullish(),
  cache_creation_input_tokens: tokens.nullish(),
  cache_creation: z
    .object({ ephemeral_5m_input_tokens: tokens.nullish(), ephemeral_1h_input_tokens: tokens.nullish() })
    .nullish(),
});

/** What went into the cache is split by how long it is kept; what is not named counts as 5 minutes. */
export function anthropicUsage(told: z.infer<typeof anthropicUsageShape>): Usage {
  const hour = told.cache_creation?.ephemeral_1h_input_tokens ?? 0;
  const minutes = told.cache_creation?.ephemeral_5m_input_tokens ?? 0;
  const written = told.cache_creation_input_tokens ?? hour + minutes;
  return {
    input: told.input_tokens,
    output: told.output_tokens,
    cacheRead: told.cache_read_input_tokens ?? 0,
    cacheWrite5m: Math.max(written - hour, minutes),
    cacheWrite1h: hour,
  };
}
