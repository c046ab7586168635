import type { Tier } from '../../contracts/llm-settings.ts';
import type { PassContext } from '../../ledger/controller.ts';
import type { Llm, LlmRequest } from '../../llm/llm.ts';
import type { RecommendationEntry } from '../feedback-state.ts';
import { analystTier } from './analyst-tier.ts';
import { type AskAll, askTwice, type Question } from './ask-twice.ts';
import { checkDraft } from './check-draft.ts';
import { claimQuestions } from './claim-questions.ts';
import type { DraftAnswer } from './draft-answer.ts';
import { explainQuestion } from './explain-question.ts';
import { findingsToExplain } from './findings-to-explain.ts';
import { type Ground, layGround } from './lay-ground.ts';
import { readExplanations } from './read-explanations.ts';
import { type Explained, settleAnswer } from './settle-answer.ts';

export interface ExplainOptions {
  /** True: all findings are asked about at once, as a batch where the provider has them. */
  readonly batch: boolean;
  /** True: because a person wants it now, what nobody answered a while ago is asked again. */
  readonly insist?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Explains the findings that wait, and records what comes of it. Throws `prompt-missing`, `bad-prompt`. Does
 * nothing where no model can be asked. What another pass is asking about is left to it. One by one, the first
 * question that nobody answers ends it.
 */
export async function explainAll(
  context: PassContext,
  llm: Llm,
  options: ExplainOptions,
): Promise<Explained[]> {
  const tier = analystTier(llm);
  if (tier === undefined) return [];
  const findings = await findingsToExplain(context, options.insist);
  const { workspace } = context;
  const claims = await claimQuestions(
    workspace,
    findings.map(({ id }) => id),
  );
  try {
    const others = findings.filter(({ id }) => !claims.ids.has(id)).map(leftToOthers);
    // Between the look and the claim another pass may have recorded its answer and let go.
    const known = await readExplanations(workspace);
    const own = findings.filter(({ id }) => claims.ids.has(id) && !known.has(id));
    return [...(await explainClaimed(context, llm, tier, own, options)), ...others];
  } finally {
    await claims.release();
  }
}

function leftToOthers({ id }: RecommendationEntry): Explained {
  return { recommendationId: id, result: 'later', detail: 'another pass is asking about it' };
}

async function explainClaimed(
  context: PassContext,
  llm: Llm,
  tier: Tier,
  findings: readonly RecommendationEntry[],
  { batch, signal }: ExplainOptions,
): Promise<Explained[]> {
  const grounds = await layGround(context, findings);
  // One by one, and so are corrections of a batch: nobody waits for a second one.
  const singly: AskAll<DraftAnswer> = (requests) => inTurn(llm, requests);
  if (batch) return explainSome(context, tier, grounds, (requests) => llm.completeAll(requests), singly);
  const explained: Explained[] = [];
  for (const ground of grounds) {
    if (signal?.aborted === true) break;
    const one = await explainSome(context, tier, [ground], singly, singly);
    explained.push(...one);
    if (one.some(({ result }) => result === 'later')) break;
  }
  return explained;
}

async function inTurn(llm: Llm, requests: readonly LlmRequest<DraftAnswer>[]) {
  const completions = [];
  for (const request of requests) completions.push(await llm.complete(request));
  return completions;
}

async function explainSome(
  context: PassContext,
  tier: Tier,
  grounds: readonly Ground[],
  ask: AskAll<DraftAnswer>,
  again: AskAll<DraftAnswer>,
): Promise<Explained[]> {
  const told = grounds.filter(({ records }) => records.length > 0);
  const questions: Question<DraftAnswer>[] = [];
  for (const ground of told) questions.push(await questionOf(context, tier, ground));
  const asked = questions.length === 0 ? [] : await askTwice(questions, ask, again);
  const explained: Explained[] = [];
  for (const ground of grounds) {
    const at = told.indexOf(ground);
    const answer = asked[at] ?? { result: 'useless', reason: nothingToShow(ground), calls: [] };
    explained.push(await settleAnswer(context, ground, answer, questions[at]?.request.promptHash));
  }
  return explained;
}

async function questionOf(context: PassContext, tier: Tier, ground: Ground): Promise<Question<DraftAnswer>> {
  return {
    request: await explainQuestion(context, tier, ground, ground),
    errorsOf: (answer) => {
      const checked = checkDraft(answer, ground);
      return checked.ok ? [] : checked.errors;
    },
  };
}

function nothingToShow({ leftOut }: Ground): string {
  return `none of its records can be shown to a model${leftOut.length === 0 ? '' : `: ${leftOut.join('; ')}`}`;
}
