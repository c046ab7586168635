import { newId } from '../contracts/ids.ts';
import type { LlmCall } from '../contracts/llm-call.ts';
import type { PassContext } from '../ledger/controller.ts';
import type { LlmAdapter } from './adapters/adapter.ts';
import { Budget } from './budgets/budget.ts';
import { cellLedger } from './budgets/cell-ledger.ts';
import { nanoUsd } from './budgets/nano-usd.ts';
import { PassAccount } from './budgets/pass-account.ts';
import type { Llm } from './llm.ts';
import { openAdapter } from './open-adapter.ts';
import { type Environment, planTier, type ReadyTier } from './plan-tier.ts';
import type { Port } from './port.ts';
import { priceTable } from './prices/price-table.ts';

export interface LlmOptions {
  /** Where the keys are. Default: the environment of the process. */
  readonly env?: Environment;
  readonly signal?: AbortSignal;
  /** Told of every answer, when it is on record. */
  onCall?(call: LlmCall): void;
}

/**
 * Opens the port to language models for a piece of work, and gives back at its end what of the budgets was not
 * spent. Everything with the same `context` shares the budget of one pass. Opening costs nothing: adapters and
 * budgets are touched by the first call.
 */
export async function withLlm<T>(
  context: PassContext,
  work: (llm: Llm) => Promise<T>,
  options: LlmOptions = {},
): Promise<T> {
  const port = openPort(context, options);
  try {
    return await work(llmOf(port));
  } finally {
    await port.budget.close().catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      // The safe side: what was taken out counts as spent until the day is over.
      context.workspace.warnings.push(`what models did not spend was not given back: ${why}`);
    });
  }
}

function openPort(context: PassContext, options: LlmOptions): Port {
  const { env = process.env, signal = new AbortController().signal, onCall } = options;
  const { workspace } = context;
  const { settings, clock } = workspace;
  const { per_day_usd, per_persona_usd } = settings.llm;
  const { account, adapters, overspenders, seenBatches } = stateOf(context);
  const holder = newId(clock.now());
  const limits = { day: nanoUsd.down(per_day_usd), persona: nanoUsd.down(per_persona_usd) };
  return {
    context,
    signal,
    overspenders,
    seenBatches,
    budget: new Budget({ pass: account, limits, ledger: cellLedger(workspace), holder, clock }),
    prices: priceTable(settings),
    planOf: (tier) => planTier(settings, env, tier, clock.now()),
    adapterOf: (plan) => keep(adapters, plan, () => openAdapter(workspace, env, plan)),
    ...(onCall === undefined ? {} : { onCall }),
  };
}

interface PassState {
  readonly account: PassAccount;
  /** Opened once a pass: recorded replies count how often they were used. */
  readonly adapters: Map<string, Promise<LlmAdapter>>;
  readonly overspenders: Map<string, string>;
  readonly seenBatches: Set<string>;
}

const states = new WeakMap<PassContext, PassState>();

function stateOf(context: PassContext): PassState {
  const limit = nanoUsd.down(context.workspace.settings.llm.per_pass_usd);
  const state = states.get(context) ?? freshState(limit);
  states.set(context, state);
  return state;
}

function freshState(limit: number): PassState {
  return {
    account: new PassAccount(limit),
    adapters: new Map(),
    overspenders: new Map(),
    seenBatches: new Set(),
  };
}

function keep(
  adapters: Map<string, Promise<LlmAdapter>>,
  { name, apiKey = '' }: ReadyTier,
  open: () => Promise<LlmAdapter>,
): Promise<LlmAdapter> {
  const key = `${name} ${apiKey}`;
  const adapter = adapters.get(key) ?? open();
  adapters.set(key, adapter);
  return adapter;
}

function llmOf(port: Port): Llm {
  return {
    complete: async (request) => (await import('./complete.ts')).complete(port, request),
    completeAll: async (requests) => (await import('./batches/complete-all.ts')).completeAll(port, requests),
    problemOf: (tier) => {
      const plan = port.planOf(tier);
      return plan.result === 'ready' ? undefined : plan.reason;
    },
  };
}
