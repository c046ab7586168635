import type { Tier } from '../../contracts/llm-settings.ts';
import type { PassContext } from '../../ledger/controller.ts';
import type { Llm } from '../../llm/llm.ts';
import { analystTier } from './analyst-tier.ts';
import { type AskAll, askTwice, type Question } from './ask-twice.ts';
import { explainQuestion } from './explain-question.ts';
import { findingsToExplain } from './findings-to-explain.ts';
import { type Ground, layGround } from './lay-ground.ts';
import { type Explained, settleAnswer } from './settle-answer.ts';

export interface ExplainOptions {
  /** True: all findings are asked about at once, as a batch where the provider has them. */
  readonly batch: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Explains the findings that wait, and records what comes of it. Throws `prompt-missing`, `bad-prompt`. Does
 * nothing where no model can be asked. One by one, the first question that nobody answers ends it.
 */
export async function explainAll(
  context: PassContext,
  llm: Llm,
  { batch, signal }: ExplainOptions,
): Promise<Explained[]> {
  const tier = analystTier(llm);
  if (tier === undefined) return [];
  const findings = await findingsToExplain(context);
  const grounds = await layGround(context, findings);
  if (batch) return explainSome(context, tier, grounds, (requests) => llm.completeAll(requests));
  const explained: Explained[] = [];
  for (const ground of grounds) {
    if (signal?.aborted === true) break;
    const one = await explainSome(context, tier, [ground], async ([request]) =>
      request === undefined ? [] : [await llm.complete(request)],
    );
    explained.push(...one);
    if (one.some(({ result }) => result === 'later')) break;
  }
  return explained;
}

async function explainSome(
  context: PassContext,
  tier: Tier,
  grounds: readonly Ground[],
  ask: AskAll,
): Promise<Explained[]> {
  const told = grounds.filter(({ records }) => records.length > 0);
  const questions: Question[] = [];
  for (const ground of told)
    questions.push({ ground, request: await explainQuestion(context, tier, ground, ground) });
  const asked = questions.length === 0 ? [] : await askTwice(questions, ask);
  const explained: Explained[] = [];
  for (const ground of grounds) {
    const at = told.indexOf(ground);
    const answer = asked[at] ?? { result: 'useless', reason: nothingToShow(ground), calls: [] };
    explained.push(await settleAnswer(context, ground, answer, questions[at]?.request.promptHash));
  }
  return explained;
}

function nothingToShow({ leftOut }: Ground): string {
  return `none of its records can be shown to a model${leftOut.length === 0 ? '' : `: ${leftOut.join('; ')}`}`;
}
