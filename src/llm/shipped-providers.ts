import { z } from 'zod';
import { type LlmProvider, llmProvider } from '../contracts/llm-settings.ts';

/**
 * The providers that need no settings. `claude` is the agent's command line, for people with a subscription and
 * no key: without tools, settings, servers and memory it is a model like any other.
 */
export const shippedProviders: Readonly<Record<string, LlmProvider>> = z
  .record(z.string(), llmProvider)
  .parse({
    anthropic: { type: 'anthropic' },
    openai: { type: 'openai', base_url: 'http://127.0.0.1:11434/v1' },
    claude: {
      type: 'command',
      command: [
        'claude',
        '-p',
        '--output-format',
        'json',
        '--max-budget-usd',
        '{max_usd}',
        '--model',
        '{model}',
        '--tools',
        '',
        '--setting-sources',
        '',
        '--strict-mcp-config',
        '--no-session-persistence',
      ],
      format: 'json',
      fields: {
        text: 'result',
        error: 'is_error',
        cost_usd: 'total_cost_usd',
        input_tokens: 'usage.input_tokens',
        output_tokens: 'usage.output_tokens',
        cache_read_tokens: 'usage.cache_read_input_tokens',
        cache_write_tokens: 'usage.cache_creation_input_tokens',
      },
    },
  });
