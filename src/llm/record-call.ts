import { newId } from '../contracts/ids.ts';
import { oneLine } from '../contracts/issue.ts';
import type { LlmCall } from '../contracts/llm-call.ts';
import { maskSecrets } from '../contracts/secrets.ts';
import { dropContract } from '../ledger/drop.ts';
import type { Workspace } from '../ledger/workspace.ts';
import type { Answer } from './adapters/adapter.ts';
import { maskEnvironment } from './adapters/mask-environment.ts';
import type { Charge } from './charge.ts';
import type { LlmRequest } from './llm.ts';
import type { ReadyTier } from './plan-tier.ts';

/** An answer that was asked for, as far as it goes on record. */
export interface CallFacts {
  readonly answer: Answer;
  readonly charge: Charge;
  readonly attempts: number;
  readonly latencyMs: number;
  /** As the provider names it, and the hash of the request in it. */
  readonly batch?: { readonly id: string; readonly hash: string };
  readonly outcome: LlmCall['outcome'];
  readonly error?: string | undefined;
}

/**
 * The record of a call, never with the text of a prompt or an answer. Its cost is that of all attempts; null when
 * that of one is not known.
 */
export function describeCall(
  at: Date,
  request: Pick<LlmRequest<unknown>, 'purpose' | 'persona' | 'sessionId' | 'promptHash'>,
  plan: Pick<ReadyTier, 'tier' | 'name' | 'model'>,
  facts: CallFacts,
): LlmCall & { readonly llm_call_id: string } {
  const { usage, costUsd, priceFrom } = facts.charge;
  const answered = facts.answer.result === 'answered' ? short(facts.answer.model) : plan.model;
  return {
    llm_call_id: newId(at),
    tier: plan.tier,
    provider: plan.name,
    model: answered,
    purpose: request.purpose,
    ...(request.persona === undefined
      ? {}
      : { persona_id: request.persona.id, persona_version: request.persona.version }),
    ...(request.sessionId === undefined ? {} : { session_id: request.sessionId }),
    ...(request.promptHash === undefined ? {} : { prompt_hash: request.promptHash }),
    input_tokens: usage.input,
    output_tokens: usage.output,
    cache_read_tokens: usage.cacheRead,
    cache_write_tokens: usage.cacheWrite5m + usage.cacheWrite1h,
    cost_usd: costUsd,
    ...(priceFrom === undefined ? {} : { price_from: priceFrom }),
    attempts: facts.attempts,
    ...(facts.batch === undefined ? {} : { batch: true }),
    latency_ms: facts.latencyMs,
    outcome: facts.outcome,
    ...(facts.error === undefined ? {} : { error: short(facts.error, 1_000) }),
    emitted_at: at.toISOString(),
    ...extraOf(facts, answered === plan.model ? {} : { requested_model: plan.model }),
  };
}

function extraOf({ batch }: CallFacts, model: Readonly<Record<string, string>>) {
  const place = batch === undefined ? {} : { batch: batch.id, request_hash: batch.hash };
  const extra = { ...model, ...place };
  return Object.keys(extra).length === 0 ? {} : { extra };
}

/** Puts the record into the inbox: it is on disk when this returns, and the next pass takes it in. */
export async function recordCall(workspace: Workspace, call: LlmCall): Promise<void> {
  const bytes = Buffer.from(`${JSON.stringify({ source: 'llm', ...call })}\n`);
  await dropContract(workspace, { file: 'llm-call.json', bytes, kind: 'llm_call', push: false });
}

/** What a provider says may hold anything. */
function short(text: string, most = 200): string {
  return (
    oneLine(maskSecrets(maskEnvironment(text, process.env)))
      .trim()
      .slice(0, most)
      .trim() || 'unknown'
  );
}
