import { contentKey } from '../../contracts/ids.ts';
import type { Workspace } from '../../ledger/workspace.ts';
import type { Environment } from '../../llm/plan-tier.ts';
import { shippedProviders } from '../../llm/shipped-providers.ts';

/** Stands for the settings of models and for which keys are there: another one may get an answer. */
export function llmSetup({ settings }: Pick<Workspace, 'settings'>, env: Environment): string {
  const providers = Object.values({ ...shippedProviders, ...settings.llm.providers });
  const names = providers.flatMap((one) => ('api_key_env' in one ? (one.api_key_env ?? []) : []));
  const present = new Set(names.filter((name) => (env[name] ?? '').trim() !== ''));
  return contentKey([settings.llm, [...present]], 40);
}
