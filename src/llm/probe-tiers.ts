import type { LlmCall } from '../contracts/llm-call.ts';
import { type Tier, tier as tierName } from '../contracts/llm-settings.ts';
import type { PassContext } from '../ledger/controller.ts';
import type { Completion } from './llm.ts';
import { type Environment, planTier, type TierPlan } from './plan-tier.ts';
import { priceSteps } from './prices/find-price.ts';
import { priceTable } from './prices/price-table.ts';
import { withLlm } from './with-llm.ts';

/** How things stand with one tier. */
export interface TierProbe {
  readonly tier: Tier;
  /** As in llm.tiers: provider/model; null when the tier is not set. */
  readonly model: string | null;
  readonly key: 'set' | 'missing' | 'none needed' | null;
  /** USD per million tokens, for the shortest prompts; null when a call has no price by tokens. */
  readonly price: { readonly input: number; readonly output: number; readonly since: string } | null;
  /** `ready`: nothing is missing, and nothing was asked. */
  readonly result: 'ready' | Completion<string>['result'];
  /** True when a key or a login is what is missing. */
  readonly credentials: boolean;
  readonly reason?: string;
  readonly hint?: string;
  readonly latency_ms?: number;
  readonly input_tokens?: number;
  readonly output_tokens?: number;
  readonly cost_usd?: number | null;
}

export interface ProbeOptions {
  readonly tiers?: readonly Tier[];
  /** False: nothing is asked. */
  readonly call: boolean;
  readonly env?: Environment;
  readonly signal?: AbortSignal;
}

/** The longest answer of a probe, tokens. */
const MOST_TOKENS = 16;

/** Asks every tier that is set something tiny, one after the other. */
export async function probeTiers(context: PassContext, options: ProbeOptions): Promise<TierProbe[]> {
  const probes: TierProbe[] = [];
  for (const tier of options.tiers ?? tierName.options) {
    const found = lookAt(context, tier, options.env ?? process.env);
    probes.push(options.call && found.result === 'ready' ? await ask(context, found, options) : found);
  }
  return probes;
}

function lookAt({ workspace }: PassContext, tier: Tier, env: Environment): TierProbe {
  const { settings, clock } = workspace;
  const plan = planTier(settings, env, tier, clock.now());
  const model = settings.llm.tiers[tier] ?? null;
  if (plan.result === 'ready') {
    const [step] = priceSteps(priceTable(settings), plan.model, clock.now());
    const price =
      step === undefined || plan.pricing !== 'table'
        ? null
        : { input: step.input, output: step.output, since: step.effective_from };
    return { tier, model, key: keyOf(plan), price, result: 'ready', credentials: false };
  }
  const { result, reason, hint } = plan;
  const credentials = plan.missing === 'key';
  return { tier, model, key: keyOf(plan), price: null, result, credentials, reason, hint };
}

function keyOf(plan: TierPlan): TierProbe['key'] {
  if (plan.result === 'ready') return plan.apiKey === undefined ? 'none needed' : 'set';
  return plan.missing === 'key' ? 'missing' : null;
}

async function ask(context: PassContext, probe: TierProbe, options: ProbeOptions): Promise<TierProbe> {
  const calls: LlmCall[] = [];
  const { env, signal } = options;
  const port = {
    onCall: (call: LlmCall) => calls.push(call),
    ...(env === undefined ? {} : { env }),
    ...(signal === undefined ? {} : { signal }),
  };
  const { warnings } = context.workspace;
  const before = warnings.length;
  const answer = await withLlm(
    context,
    (llm) =>
      llm.complete({
        tier: probe.tier,
        purpose: 'test',
        system: [],
        messages: [{ role: 'user', content: 'Answer with one word: ready' }],
        maxOutputTokens: MOST_TOKENS,
      }),
    port,
  );
  const call = calls.at(-1);
  return {
    ...probe,
    result: answer.result,
    credentials: answer.result === 'not_configured',
    ...reasonOf(answer, warnings.slice(before)),
    ...(call === undefined
      ? {}
      : {
          latency_ms: call.latency_ms,
          input_tokens: call.input_tokens,
          output_tokens: call.output_tokens,
          cost_usd: call.cost_usd,
        }),
  };
}

/** An answer may be fine and what it took is not. */
function reasonOf(answer: Completion<string>, warnings: readonly string[]) {
  if (answer.result !== 'ok') return { reason: answer.reason, hint: answer.hint };
  return warnings.length === 0 ? {} : { reason: warnings.join('; ') };
}
