import { closest } from '../contracts/closest.ts';
import type { LlmProvider, Tier } from '../contracts/llm-settings.ts';
import type { Settings } from '../contracts/settings.ts';
import { priceSteps } from './prices/find-price.ts';
import { priceTable } from './prices/price-table.ts';
import { shippedProviders } from './shipped-providers.ts';

/**
 * What a call of a tier is counted with. `table`: the price list. `call`: the most that a call of a command may
 * cost. `free`: recorded replies, and the tier `local` on this machine, unless the price list says otherwise.
 */
export type Pricing = 'table' | 'call' | 'free';

export interface ReadyTier {
  readonly result: 'ready';
  readonly tier: Tier;
  /** Name of the provider in the settings. */
  readonly name: string;
  readonly provider: LlmProvider;
  /** As the provider names it. */
  readonly model: string;
  readonly apiKey?: string;
  readonly pricing: Pricing;
}

export type TierPlan =
  | ReadyTier
  | {
      readonly result: 'not_configured';
      readonly missing: 'tier' | 'provider' | 'key' | 'price';
      /** One sentence that names the setting. */
      readonly reason: string;
      readonly hint: string;
    };

export type Environment = Readonly<Record<string, string | undefined>>;

/** Which model is meant by a tier, and what is missing before it can be asked. Asks nobody. */
export function planTier(settings: Pick<Settings, 'llm'>, env: Environment, tier: Tier, at: Date): TierPlan {
  const place = settings.llm.tiers[tier];
  if (place === undefined) return noTier(tier);
  const [name, model] = splitPlace(place);
  const providers = { ...shippedProviders, ...settings.llm.providers };
  const provider = Object.hasOwn(providers, name) ? providers[name] : undefined;
  if (provider === undefined) return noProvider(tier, name, Object.keys(providers));
  const variable = 'api_key_env' in provider ? provider.api_key_env : undefined;
  const apiKey = variable === undefined ? undefined : env[variable]?.trim();
  if (variable !== undefined && (apiKey ?? '') === '') return noKey(tier, place, variable);
  const pricing = pricingOf(settings, provider, { tier, model, at });
  if (pricing === undefined) return noPrice(tier, place, model);
  const key = apiKey === undefined ? {} : { apiKey };
  return { result: 'ready', tier, name, provider, model, ...key, pricing };
}

/** Names of models may hold slashes, names of providers may not. */
function splitPlace(place: string): [string, string] {
  const at = place.indexOf('/');
  return [place.slice(0, at), place.slice(at + 1)];
}

/**
 * What answers on this machine may only pass the question on: it costs nothing where the tier says that it is local.
 * For any other, a price that nobody knows cannot be reserved.
 */
function pricingOf(
  settings: Pick<Settings, 'llm'>,
  provider: LlmProvider,
  { tier, model, at }: { readonly tier: Tier; readonly model: string; readonly at: Date },
): Pricing | undefined {
  if (provider.type === 'command') return 'call';
  if (priceSteps(priceTable(settings), model, at).length > 0) return 'table';
  const isLocal = tier === 'local' && 'base_url' in provider && isLoopback(provider.base_url);
  return provider.type === 'recorded' || isLocal ? 'free' : undefined;
}

function isLoopback(address: string | undefined): boolean {
  if (address === undefined) return false;
  const { hostname } = new URL(address);
  return /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
}

function noTier(tier: Tier): TierPlan {
  return {
    result: 'not_configured',
    missing: 'tier',
    reason: `no model is set for "${tier}": llm.tiers.${tier} is missing in millwright.yaml`,
    hint: `for example llm: {tiers: {${tier}: anthropic/claude-sonnet-5-5}}; everything else works without`,
  };
}

function noProvider(tier: Tier, name: string, known: readonly string[]): TierPlan {
  const meant = closest(name, known);
  return {
    result: 'not_configured',
    missing: 'provider',
    reason: `llm.tiers.${tier} names the provider "${name}", which llm.providers does not have`,
    hint: meant === undefined ? `the known ones are ${known.join(', ')}` : `did you mean "${meant}"?`,
  };
}

function noKey(tier: Tier, place: string, variable: string): TierPlan {
  return {
    result: 'not_configured',
    missing: 'key',
    reason: `llm.tiers.${tier} is ${place}, and the environment variable ${variable} is not set`,
    hint: `set ${variable}; claude/sonnet asks through the command line of Claude Code, without a key`,
  };
}

function noPrice(tier: Tier, place: string, model: string): TierPlan {
  return {
    result: 'not_configured',
    missing: 'price',
    reason: `llm.tiers.${tier} is ${place}, and no price is known for ${model}, so no budget could hold`,
    hint: 'add a row for it to llm.prices in millwright.yaml, USD per million tokens; a row with zeros says that it is free, and the tier local needs none for a model of this machine',
  };
}
