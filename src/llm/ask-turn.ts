import type { Answer, LlmAdapter } from './adapters/adapter.ts';
import { maskedMessage } from './adapters/masked-message.ts';
import type { BudgetAnswer } from './budgets/budget.ts';
import { nanoUsd } from './budgets/nano-usd.ts';
import { showUsd } from './budgets/show-usd.ts';
import { addCharges, type Charge, chargeOf, noUsage } from './charge.ts';
import { overspent } from './overspent.ts';
import type { ReadyTier } from './plan-tier.ts';
import type { Asked, Port } from './port.ts';
import { priceSteps } from './prices/find-price.ts';
import { worstCase } from './prices/worst-case.ts';
import { retryAnswers } from './retry.ts';

/** One answer, and what all attempts at it took. */
export interface Turn {
  readonly answer: Answer;
  /** How often the provider was asked. */
  readonly attempts: number;
  readonly charge: Charge;
  readonly latencyMs: number;
  /** Why a budget did not allow an attempt; it was the last one. */
  readonly refused?: { readonly reason: string; readonly hint: string };
}

type Refused = Extract<BudgetAnswer, { result: 'refused' }>;

/** What is left for a call of a command that is told its limit has to be worth a call. */
const LEAST_CALL_USD = 0.01;

/** Asks for one answer. Every attempt is promised its worst case by the budget before it is made. */
export async function askTurn(
  port: Port,
  plan: ReadyTier,
  question: Asked,
  persona: string | undefined,
): Promise<Turn> {
  const { clock, settings } = port.context.workspace;
  const adapter = await port.adapterOf(plan);
  const since = clock.monotonicMs();
  let charge: Charge = { usage: noUsage, costUsd: 0 };
  let attempts = 0;
  let refused: Refused | undefined;
  const { answer } = await retryAnswers(
    async () => {
      const promised = await reserve(port, plan, question, persona);
      if (promised.result === 'refused') {
        refused = promised;
        return { result: 'fault', fault: 'request', message: promised.reason, spent: 'nothing' };
      }
      attempts += 1;
      const at = clock.now();
      const maxUsd = plan.pricing === 'call' ? { maxUsd: nanoUsd.toUsd(promised.nanos) } : {};
      const said = await ask(adapter, { ...question, ...maxUsd }, plan.apiKey);
      const took = chargeOf(said, plan, port.prices, at);
      promised.settle(took.costUsd === null ? undefined : nanoUsd.up(took.costUsd));
      noteOverspending(port, plan, promised.nanos, took.costUsd);
      charge = addCharges(charge, took);
      return said;
    },
    { attempts: settings.llm.attempts, clock, random: Math.random, signal: question.signal },
  );
  const latencyMs = Math.max(0, Math.round(clock.monotonicMs() - since));
  return { answer, attempts, charge, latencyMs, ...(refused === undefined ? {} : { refused }) };
}

async function reserve(
  port: Port,
  { name, pricing, provider, model }: ReadyTier,
  question: Asked,
  persona: string | undefined,
): Promise<BudgetAnswer> {
  const before = overspent(port, name);
  if (before !== undefined) return before;
  const { budget, prices, context } = port;
  if (pricing === 'free') return budget.reserve({ nanos: 0, persona });
  if (provider.type === 'command') {
    const nanos = nanoUsd.up(provider.call_usd);
    const isTold = provider.command.some((word) => word.includes('{max_usd}'));
    const atLeast = isTold ? Math.min(nanos, nanoUsd.up(LEAST_CALL_USD)) : nanos;
    return budget.reserve({ nanos, atLeast, persona });
  }
  const worst = worstCase(priceSteps(prices, model, context.workspace.clock.now()), question, false);
  if (worst === undefined) return tooLong(model);
  return budget.reserve({ nanos: nanoUsd.up(worst), persona });
}

function tooLong(model: string): Refused {
  return {
    result: 'refused',
    reason: `no price is known for prompts of this length to ${model}`,
    hint: 'add a row without prompt_tokens_max under llm.prices in millwright.yaml',
  };
}

/** What is reserved is rounded up as what is spent: a cost of just the worst case is not more. */
function noteOverspending(
  { overspenders, context }: Port,
  { name, pricing }: ReadyTier,
  promised: number,
  costUsd: number | null,
): void {
  if (costUsd === null || nanoUsd.up(costUsd) <= promised) return;
  const of = pricing === 'call' ? 'of call_usd that was reserved' : 'that was reserved as its worst case';
  const warning = `${name} cost ${showUsd(costUsd)}, more than the ${showUsd(nanoUsd.toUsd(promised))} ${of}`;
  overspenders.set(name, warning);
  context.workspace.warnings.push(warning);
}

/** An adapter throws nothing; one that does has taken the question with it, and nobody knows what it cost. */
async function ask(adapter: LlmAdapter, question: Asked, apiKey: string | undefined): Promise<Answer> {
  try {
    return await adapter.ask(question);
  } catch (error) {
    const message = maskedMessage(error instanceof Error ? error.message : String(error), apiKey);
    return { result: 'fault', fault: 'request', message, spent: 'worst' };
  }
}
