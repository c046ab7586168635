import { contentKey } from '../../contracts/ids.ts';
import type { BudgetAnswer } from '../budgets/budget.ts';
import { nanoUsd } from '../budgets/nano-usd.ts';
import type { LlmRequest } from '../llm.ts';
import { overspent } from '../overspent.ts';
import type { ReadyTier } from '../plan-tier.ts';
import type { Asked, Port } from '../port.ts';
import { priceSteps } from '../prices/find-price.ts';
import { worstCase } from '../prices/worst-case.ts';
import { toQuestion } from '../to-question.ts';

/** A request that may go into a batch. */
export interface BatchRequest<T> {
  /** Its place among the requests of the caller. */
  readonly at: number;
  readonly request: LlmRequest<T>;
  readonly question: Asked;
  /** The same for the same question to the same model, in every process: by it a later run finds the answer. */
  readonly hash: string;
}

export function toBatchRequest<T>(
  port: Port,
  plan: ReadyTier,
  request: LlmRequest<T>,
  at: number,
): BatchRequest<T> {
  const question = toQuestion(request, {
    model: plan.model,
    maxOutputTokens: port.context.workspace.settings.llm.max_output_tokens,
    signal: port.signal,
  });
  const { signal: _signal, ...content } = question;
  return { at, request, question, hash: contentKey([plan.name, content], 40) };
}

/** The worst case of one request at the price of batches. */
export async function reserveInBatch(
  port: Port,
  { name, model, pricing }: ReadyTier,
  { question, request }: BatchRequest<unknown>,
): Promise<BudgetAnswer> {
  const before = overspent(port, name);
  if (before !== undefined) return before;
  const { budget, prices, context } = port;
  const persona = request.persona?.id;
  if (pricing === 'free') return budget.reserve({ nanos: 0, persona });
  const worst = worstCase(priceSteps(prices, model, context.workspace.clock.now()), question, true);
  return budget.reserve({
    nanos: worst === undefined ? Number.MAX_SAFE_INTEGER : nanoUsd.up(worst),
    persona,
  });
}
