import type { Clock } from '../../src/contracts/clock.ts';
import { llmProvider, llmSettings } from '../../src/contracts/llm-settings.ts';
import { MillwrightError } from '../../src/contracts/millwright-error.ts';
import type { PassContext } from '../../src/ledger/controller.ts';
import type { Answer, BatchAnswer, LlmAdapter, Question } from '../../src/llm/adapters/adapter.ts';
import { Budget } from '../../src/llm/budgets/budget.ts';
import type { DayLedger } from '../../src/llm/budgets/day-ledger.ts';
import { nanoUsd } from '../../src/llm/budgets/nano-usd.ts';
import { PassAccount } from '../../src/llm/budgets/pass-account.ts';
import type { ReadyTier } from '../../src/llm/plan-tier.ts';
import type { Port } from '../../src/llm/port.ts';
import { costOf } from '../../src/llm/prices/cost-of.ts';
import { worstCase } from '../../src/llm/prices/worst-case.ts';
import type { Truth } from './budgets/truth.ts';

/** How the provider treats one question; `share` is how much of its worst case it truly costs. */
export interface Treatment {
  readonly ends: 'answered' | 'overloaded' | 'cut' | 'garbage' | 'throws' | 'expired' | 'missing';
  readonly share: number;
}

export interface SpendingOptions {
  readonly clock: Clock;
  readonly ledger: DayLedger;
  readonly truth: Truth;
  readonly process: number;
  readonly pricing: 'table' | 'call';
  /** Asked before every answer. */
  treat(): Treatment;
  /** Absent: workspace and records are needed by nothing that is called. */
  readonly context?: PassContext;
}

const price = {
  model: 'm',
  effective_from: '2026-01-01T00:00:00.000Z',
  ...{ input: 10, output: 50, cache_write_5m: 12, cache_write_1h: 20, cache_read: 1, batch_factor: 0.5 },
};
const command = llmProvider.parse({ type: 'command', command: ['x', '{max_usd}'], call_usd: 0.4 });
const anthropic = llmProvider.parse({ type: 'anthropic' });

/** A port to a provider that keeps to its limits, complains of overspending, and is paid by the day of the promise. */
export function spendingPort(options: SpendingOptions): { port: Port; plan: ReadyTier } {
  const { clock, ledger, truth, process, pricing, treat } = options;
  const { limits } = truth;
  const holder = `process-${process}`;
  const budget = new Budget({ pass: new PassAccount(limits.pass), limits, ledger, holder, clock });
  const reserve = budget.reserve.bind(budget);
  // Every question that is asked was promised its worst case before, in the same order.
  const promises: { day: string; persona: string | undefined }[] = [];
  budget.reserve = async (wish) => {
    const day = clock.now().toISOString().slice(0, 10);
    const answer = await reserve(wish);
    if (answer.result === 'reserved') promises.push({ day, persona: wish.persona });
    return answer;
  };
  /** @param back how many promises came after the one that this question was given */
  const charge = (usd: number, back: number) => {
    const promise = promises.at(-1 - back);
    if (promise === undefined) truth.complaints.push('asked without a promise');
    else truth.charge(nanoUsd.down(usd), process, promise.day, promise.persona);
  };
  const plan: ReadyTier = {
    ...{ result: 'ready', tier: 'brain', name: 'fake', model: 'm', pricing },
    provider: pricing === 'call' ? command : anthropic,
  };
  const adapter = adapterOf(charge, treat, pricing === 'table');
  const port: Port = {
    context: options.context ?? bareContext(clock),
    budget,
    prices: [[price]],
    signal: new AbortController().signal,
    overspenders: new Map(),
    seenBatches: new Set(),
    planOf: () => plan,
    adapterOf: async () => adapter,
  };
  return { port, plan };
}

type Charge = (usd: number, back: number) => void;

function bareContext(clock: Clock): PassContext {
  const workspace = { clock, settings: { llm: llmSettings.parse({ attempts: 3 }) }, warnings: [] };
  return { workspace } as unknown as PassContext;
}

function adapterOf(charge: Charge, treat: () => Treatment, hasBatches: boolean): LlmAdapter {
  const sent = new Map<string, Map<string, BatchAnswer>>();
  return {
    provider: 'fake',
    ask: async (question): Promise<Answer> => {
      await Promise.resolve();
      const answer = answerTo(question, treat(), false, (usd) => charge(usd, 0));
      if (answer?.result === 'answered' || answer?.result === 'fault') return answer;
      return {
        result: 'fault',
        fault: 'server',
        message: 'no answer',
        spent: answer === undefined ? 'worst' : 'nothing',
      };
    },
    ...(hasBatches && { batches: { submit, answers, cancel: async () => undefined } }),
  };

  async function submit(questions: ReadonlyMap<string, Question>): Promise<string> {
    const { ends } = treat();
    if (ends === 'throws')
      throw new MillwrightError('llm-batch', 'broken', { data: { fault: 'connection' } });
    const id = `batch-${Math.random().toString(36).slice(2)}`;
    const made = [...questions].flatMap(([hash, question], at) => {
      const back = questions.size - 1 - at;
      const answer = answerTo(question, treat(), true, (usd) => charge(usd, back));
      return answer === undefined ? [] : [[hash, answer] as const];
    });
    sent.set(id, new Map(made));
    return id;
  }

  async function answers(id: string) {
    return treat().ends === 'cut' ? undefined : (sent.get(id) ?? ('unknown' as const));
  }
}

/** Charges what it truly costs, and says as much of that as the provider would. */
function answerTo(
  question: Question,
  { ends, share }: Treatment,
  batch: boolean,
  charge: (usd: number) => void,
): BatchAnswer | undefined {
  const { maxUsd, maxOutputTokens, model } = question;
  const worst = maxUsd ?? worstCase([price], question, batch) ?? 0;
  if (ends === 'expired') return { result: 'expired' };
  if (ends === 'overloaded') return { result: 'fault', fault: ends, message: ends, spent: 'nothing' };
  if (ends === 'cut' || ends === 'throws' || ends === 'missing') {
    charge(worst * share);
    if (ends === 'throws' && !batch) throw new Error('broken');
    return ends === 'missing' ? undefined : { result: 'fault', fault: 'cut', message: ends, spent: 'worst' };
  }
  const bytes = JSON.stringify(question.messages).length;
  const [input, output] = [Math.floor(bytes * share), Math.floor(maxOutputTokens * share)];
  const usage = { input, output, cacheRead: 0, cacheWrite5m: bytes - input, cacheWrite1h: 0 };
  const usd = maxUsd === undefined ? costOf(price, usage, batch) : worst * share;
  charge(usd);
  const said = maxUsd === undefined ? {} : { costUsd: usd };
  if (ends === 'garbage') return { result: 'fault', fault: ends, message: ends, spent: usage, ...said };
  const answer: Answer = {
    result: 'answered',
    text: 'ok',
    toolCalls: [],
    stop: 'end',
    model,
    usage,
    ...said,
  };
  return answer;
}
