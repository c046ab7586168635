import type Anthropic from '@anthropic-ai/sdk';
import type { Clock } from '../../contracts/clock.ts';

export interface AnthropicOptions {
  /** Without /v1. Default: `ANTHROPIC_BASE_URL`, or the provider itself. */
  readonly baseUrl?: string;
  readonly apiKey: string;
  /** How long one call may take. */
  readonly timeLimitMs: number;
  readonly clock: Clock;
  /** The name of the provider in the settings. Default: anthropic. */
  readonly name?: string;
}

/** The clock of the call decides how long it takes; the library's own timer never comes first. */
const NEVER_MS = 2 ** 31 - 1;

/** The provider's own library, told to ask once, to print nothing and to trace nothing. */
export async function openAnthropic(
  { baseUrl, apiKey }: AnthropicOptions,
  fetch: typeof globalThis.fetch,
): Promise<Anthropic> {
  // Loading it takes a while, and most commands ask no model.
  const { default: Client } = await import('@anthropic-ai/sdk');
  return new Client({
    apiKey: apiKey.trim(),
    ...(baseUrl !== undefined && { baseURL: baseUrl }),
    maxRetries: 0,
    timeout: NEVER_MS,
    fetch,
    logLevel: 'off',
    openTelemetry: false,
  });
}
