import type { CommandDefinition } from './command.ts';
import { llmOtel } from './llm-otel.ts';
import { llmPrices } from './llm-prices.ts';
import { llmTest } from './llm-test.ts';

export const llm: CommandDefinition = {
  name: 'llm',
  summary: 'say which language models work and what they cost',
  description:
    'Millwright works without any model. Where one helps, it asks by tier: brain, sub or local; llm.tiers in millwright.yaml says which model that is, and llm.per_pass_usd, per_day_usd and per_persona_usd what may be spent.',
  examples: ['millwright llm test', 'millwright llm prices', 'millwright llm otel --since 2026-11-01'],
  subcommands: [llmTest, llmPrices, llmOtel],
};
