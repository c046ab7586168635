import type { Workspace } from '../ledger/workspace.ts';
import type { LlmAdapter } from './adapters/adapter.ts';
import type { Environment, ReadyTier } from './plan-tier.ts';

/** What speaks to the provider of a tier. Only the one that is asked is loaded. */
export async function openAdapter(
  { root, settings, clock }: Workspace,
  env: Environment,
  { name, provider, apiKey }: ReadyTier,
): Promise<LlmAdapter> {
  const limits = { name, timeLimitMs: settings.llm.time_limit_seconds * 1_000, clock };
  const key = apiKey === undefined ? {} : { apiKey };
  switch (provider.type) {
    case 'anthropic': {
      const { anthropicAdapter } = await import('./adapters/anthropic.ts');
      const place = provider.base_url === undefined ? {} : { baseUrl: provider.base_url };
      return anthropicAdapter({ ...place, apiKey: apiKey ?? '', ...limits });
    }
    case 'openai': {
      const { openaiAdapter } = await import('./adapters/openai.ts');
      return openaiAdapter({ baseUrl: provider.base_url, ...key, ...limits });
    }
    case 'command': {
      const { commandAdapter } = await import('./adapters/command.ts');
      return commandAdapter({ provider, root, env, ...limits });
    }
    case 'recorded': {
      const { recordedAdapter } = await import('./adapters/recorded.ts');
      return recordedAdapter({ name, root, file: provider.file });
    }
  }
}
