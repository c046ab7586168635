import { MillwrightError } from '../contracts/millwright-error.ts';
import { judgeAnswer, type Verdict } from './answers/judge-answer.ts';
import { runTools } from './answers/run-tools.ts';
import { unusable } from './answers/unusable.ts';
import { askTurn, type Turn } from './ask-turn.ts';
import type { Completion, LlmRequest } from './llm.ts';
import { lookForAnswer } from './look-for-answer.ts';
import type { ReadyTier } from './plan-tier.ts';
import type { Asked, Port } from './port.ts';
import { describeCall, recordCall } from './record-call.ts';
import { toQuestion } from './to-question.ts';

/** A model that goes on asking for tools does not come to an end. */
const MOST_TURNS = 10;

/** Takes the answer of a batch that holds it, or asks, does what tools the model asks for, and judges the answer. Leaves a record of every answer. */
export async function complete<T>(port: Port, request: LlmRequest<T>): Promise<Completion<T>> {
  const plan = port.planOf(request.tier);
  if (plan.result !== 'ready')
    return { result: plan.result, reason: plan.reason, hint: plan.hint, calls: [], cost_usd: 0 };
  const first = toQuestion(request, {
    model: plan.model,
    maxOutputTokens: port.context.workspace.settings.llm.max_output_tokens,
    signal: port.signal,
  });
  const bill = new Bill();
  try {
    const answered = await lookForAnswer(port, plan, request);
    if (answered !== undefined) return answered;
    return { ...(await converse(port, plan, request, first, bill)), ...bill.spent };
  } catch (error) {
    // Nothing may be spent when nobody can say what was: the budget of the day is out of reach.
    if (!(error instanceof MillwrightError)) throw error;
    const hint = error.hint ?? 'run the command again';
    return { result: 'failed', reason: error.message, hint, ...bill.spent };
  }
}

/** What the turns of one request cost together. */
class Bill {
  readonly #calls: string[] = [];
  #costUsd: number | null = 0;

  add(id: string, costUsd: number | null): void {
    this.#calls.push(id);
    this.#costUsd = costUsd === null || this.#costUsd === null ? null : this.#costUsd + costUsd;
  }

  get spent() {
    return { calls: this.#calls, cost_usd: this.#costUsd };
  }
}

type Result<T> =
  | Verdict<T>
  | {
      readonly result: 'over_budget' | 'not_configured';
      readonly reason: string;
      readonly hint: string;
    };

async function converse<T>(
  port: Port,
  plan: ReadyTier,
  request: LlmRequest<T>,
  first: Asked,
  bill: Bill,
): Promise<Result<T>> {
  let question = first;
  for (let n = 0; n < MOST_TURNS; n += 1) {
    const turn = await askTurn(port, plan, question, request.persona?.id);
    const { answer } = turn;
    const wantsTools = answer.result === 'answered' && answer.stop === 'tools' && answer.toolCalls.length > 0;
    const verdict = wantsTools ? undefined : resultOf(plan, request, turn, question);
    await putOnRecord(port, plan, request, turn, verdict, bill);
    if (verdict !== undefined) return verdict;
    if (!wantsTools) break;
    const more = await runTools(request.tools ?? [], answer);
    question = { ...question, messages: [...question.messages, ...more] };
  }
  const reason = `it asked for tools ${MOST_TURNS} times in a row and never answered`;
  return { result: 'invalid', reason, hint: 'give it less to look up, or a larger model' };
}

function resultOf<T>(
  { name, provider, model, apiKey }: ReadyTier,
  request: LlmRequest<T>,
  { answer, refused, attempts }: Turn,
  { maxOutputTokens, signal }: Asked,
): Result<T> {
  if (answer.result === 'answered') return judgeAnswer(request, answer, maxOutputTokens);
  if (refused !== undefined) return { result: 'over_budget', reason: refused.reason, hint: refused.hint };
  if (signal.aborted) return { result: 'failed', reason: 'interrupted', hint: 'run the command again' };
  const reason = `${name}/${model}: ${answer.message}`;
  if (answer.fault === 'garbage') return unusable(reason);
  if (answer.fault === 'credentials') {
    const variable = 'api_key_env' in provider ? provider.api_key_env : undefined;
    const hint =
      apiKey === undefined || variable === undefined
        ? `log in with the program of llm.providers.${name}, or set another provider`
        : `check the key in ${variable}, and what the account may use`;
    return { result: 'not_configured', reason, hint };
  }
  const hint = hints[answer.fault] ?? `a later pass asks again; it was asked ${attempts} times`;
  return { result: 'failed', reason, hint };
}

const hints: Readonly<Record<string, string>> = {
  request: 'the message says what the provider does not take; check llm.tiers and llm.providers',
  time: 'raise llm.time_limit_seconds, or ask a faster model',
};

/** Where nothing was asked there is nothing to record. */
async function putOnRecord<T>(
  port: Port,
  plan: ReadyTier,
  request: LlmRequest<T>,
  turn: Turn,
  verdict: Result<T> | undefined,
  bill: Bill,
): Promise<void> {
  const { workspace } = port.context;
  const { answer, charge } = turn;
  if (turn.attempts === 0) return;
  if (charge.unpriced !== undefined)
    workspace.warnings.push(
      `no price is known for ${charge.unpriced}, which answered for ${plan.model}: its cost is not known, and the budget counts the worst case`,
    );
  const result = verdict?.result ?? 'ok';
  const outcome = result === 'over_budget' || result === 'not_configured' ? 'failed' : result;
  const error = answer.result === 'fault' ? answer.message : undefined;
  const reason = verdict !== undefined && verdict.result !== 'ok' ? verdict.reason : undefined;
  const facts = { ...turn, outcome, error: error ?? reason };
  const call = describeCall(workspace.clock.now(), request, plan, facts);
  await recordCall(workspace, call);
  port.onCall?.(call);
  bill.add(call.llm_call_id, call.cost_usd);
}
