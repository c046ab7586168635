import { z } from 'zod';
import { agentPreset } from './agent-preset.ts';
import { amount, count, instant, line, name } from './fields.ts';

/** The name of an environment variable. The key itself is never in a file. */
const variable = z.string().regex(/^[A-Z][A-Z0-9_]{0,99}$/, 'expected the name of an environment variable');

const address = z.url({ protocol: /^https?$/ }).max(2_000);

/** What sort of model is asked for. Settings say which model that is. */
export const tier = z.enum(['brain', 'sub', 'local']);
export type Tier = z.infer<typeof tier>;

/** Who can be asked, and how. */
export const llmProvider = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('anthropic'),
    base_url: address.optional().describe('Any endpoint that speaks the same protocol.'),
    api_key_env: variable.default('ANTHROPIC_API_KEY'),
  }),
  z.strictObject({
    type: z.literal('openai'),
    base_url: address.describe('Such as http://127.0.0.1:11434/v1'),
    api_key_env: variable.optional(),
  }),
  z.strictObject({
    type: z.literal('command'),
    command: agentPreset.shape.command,
    prompt: agentPreset.shape.prompt,
    format: z.enum(['json', 'json-lines', 'text']).default('text').describe('What it prints.'),
    fields: z
      .strictObject({
        text: line.optional(),
        error: line.optional(),
        model: line.optional(),
        cost_usd: line.optional(),
        input_tokens: line.optional(),
        output_tokens: line.optional(),
        cache_read_tokens: line.optional(),
        cache_write_tokens: line.optional(),
      })
      .default({})
      .describe('Where in its report a fact stands, as in agent presets.'),
    call_usd: amount.default(1).describe('The most that one call may cost; {max_usd} in the command is it.'),
  }),
  z.strictObject({
    type: z.literal('recorded'),
    file: line.describe('JSON lines with replies, below the workspace. For tests and demonstrations.'),
  }),
]);
export type LlmProvider = z.infer<typeof llmProvider>;

/** USD per million tokens, from a day on. */
export const llmPrice = z.strictObject({
  model: name.describe('As its provider names it; a trailing * stands for any ending.'),
  effective_from: instant,
  prompt_tokens_max: count.optional().describe('The row holds for prompts of at most so many tokens.'),
  input: amount,
  output: amount,
  cache_write_5m: amount,
  cache_write_1h: amount,
  cache_read: amount,
  batch_factor: z.number().min(0).max(1).default(1),
});
export type LlmPrice = z.infer<typeof llmPrice>;

const modelPlace = z
  .string()
  .max(300)
  .regex(/^[a-z][a-z0-9-]*\/\S+$/, 'expected provider/model such as anthropic/claude-sonnet-5-5');

/** `llm:` in millwright.yaml. Without tiers no model is ever asked. */
export const llmSettings = z
  .strictObject({
    tiers: z
      .strictObject({
        brain: modelPlace.optional(),
        sub: modelPlace.optional(),
        local: modelPlace.optional(),
      })
      .default({})
      .describe(
        'Which model is meant by each tier, as provider/model. A tier that is not here is not asked.',
      ),
    providers: z
      .record(z.string().regex(/^[a-z][a-z0-9-]*$/, 'expected a name such as anthropic'), llmProvider)
      .default({})
      .describe('Further providers, or other settings for the known ones: anthropic, openai, claude.'),
    per_pass_usd: amount.default(5).describe('The most that one pass may spend on models, USD.'),
    per_day_usd: amount.default(20).describe('The most that all machines together may spend in a day (UTC).'),
    per_persona_usd: amount.default(10).describe('The most that may be spent for one persona in a day.'),
    max_output_tokens: count.min(1).default(8_000).describe('The longest answer that is asked for.'),
    attempts: count
      .min(1)
      .max(20)
      .default(5)
      .describe('How often one question is asked before it is given up.'),
    time_limit_seconds: count.min(1).default(600).describe('A call that takes longer is given up.'),
    batch_wait_minutes: count
      .max(45)
      .default(15)
      .describe(
        'How long a loop waits for a batch of answers. Far below the time after which a run counts as dead.',
      ),
    prices: z
      .array(llmPrice)
      .max(1_000)
      .default([])
      .describe('Prices beside the shipped table; they go first.'),
  })
  .prefault({});
export type LlmSettings = z.infer<typeof llmSettings>;
