import { z } from 'zod';
import { oneLine } from '../../contracts/issue.ts';
import type { Tier } from '../../contracts/llm-settings.ts';
import { findSecretIn } from '../../contracts/secret-places.ts';
import { maskSecrets } from '../../contracts/secrets.ts';
import type { PassContext } from '../../ledger/controller.ts';
import { recordAll } from '../../ledger/record-all.ts';
import type { Llm } from '../../llm/llm.ts';
import { analystRequest } from '../explain/analyst-request.ts';
import { analystTier } from '../explain/analyst-tier.ts';
import { askTwice } from '../explain/ask-twice.ts';
import { noteAttempt } from '../explain/attempts.ts';
import { claimQuestions } from '../explain/claim-questions.ts';
import { type RecommendationEntry, readFeedbackState } from '../feedback-state.ts';
import { recommendationStatuses } from '../recommendation-status.ts';
import { consumeSignals } from './consume-signals.ts';
import type { SignalEntry } from './read-signals.ts';
import { type SignalUse, settleSignals } from './settle-signals.ts';
import { type SignalAnswer, signalAnswer } from './signal-answer.ts';
import { signalText } from './signal-text.ts';
import { SIGNALS_ATTEMPT, signalsToLookAt } from './signals-to-look-at.ts';

const signalsAnswer = z.strictObject({ signals: z.array(signalAnswer).max(50) });
type SignalsAnswer = z.infer<typeof signalsAnswer>;

/** How many open recommendations a signal is held against. */
const MOST_RECOMMENDATIONS = 30;

/** What came of a look at signals. */
export interface Looked {
  /** How many were used up. */
  readonly consumed: number;
  /** What was wrong, where something was: nobody answered, or no answer could be used. */
  readonly problem?: string;
}

export interface LookOptions {
  /** True: because a person wants it now, what nobody answered a while ago is asked again. */
  readonly insist?: boolean;
}

/** The cell that says that somebody is asking. */
const SIGNALS_CLAIM = 'signals';

/**
 * One question about the signals that no finding has used. Every signal that was shown is then used up, also when no
 * answer can be used; when nobody answered, all of them wait for another day. What another pass is asking about is
 * left to it. Throws `prompt-missing`, `bad-prompt`.
 */
export async function lookAtSignals(
  context: PassContext,
  llm: Llm,
  { insist = false }: LookOptions = {},
): Promise<Looked> {
  const tier = analystTier(llm);
  if (tier === undefined || (await signalsToLookAt(context, insist)).length === 0) return { consumed: 0 };
  const claims = await claimQuestions(context.workspace, [SIGNALS_CLAIM]);
  if (claims.ids.size === 0) return { consumed: 0, problem: 'another pass is asking about them' };
  try {
    // Read again: between the look and the claim another pass may have used them up.
    const signals = await signalsToLookAt(context, insist);
    return signals.length === 0 ? { consumed: 0 } : await askAbout(context, llm, tier, signals);
  } finally {
    await claims.release();
  }
}

async function askAbout(
  context: PassContext,
  llm: Llm,
  tier: Tier,
  signals: readonly SignalEntry[],
): Promise<Looked> {
  const open = await openRecommendations(context);
  const request = await analystRequest(context, {
    tier,
    prompt: 'signals',
    variables: variablesOf(signals, open),
    schema: signalsAnswer,
  });
  const question = { request, errorsOf: ({ signals: said }: SignalsAnswer) => secretErrors(said) };
  const [asked] = await askTwice([question], async ([one = request]) => [await llm.complete(one)]);
  if (asked === undefined || asked.result === 'unanswered') {
    const problem = asked?.reason ?? 'there was no answer';
    await noteAttempt(context.workspace, SIGNALS_ATTEMPT, problem);
    return { consumed: 0, problem };
  }
  if (asked.result === 'useless')
    return { consumed: await record(context, unused(signals, asked.reason)), problem: asked.reason };
  return { consumed: await record(context, usesOf(context, signals, asked.answer.signals, open)) };
}

async function openRecommendations({ workspace }: PassContext): Promise<RecommendationEntry[]> {
  const state = await readFeedbackState(workspace);
  const statuses = recommendationStatuses(state);
  const open = state.recommendations.filter(({ id }) => statuses.get(id) === 'pending');
  return open.slice(-MOST_RECOMMENDATIONS);
}

function variablesOf(signals: readonly SignalEntry[], open: readonly RecommendationEntry[]) {
  return {
    signals: signals.map((signal) => ({
      id: signal.id,
      relevance: signal.relevance,
      text: signalText(signal),
    })),
    recommendations: open.map(({ id, priority, title }) => ({ id, priority, title })),
  };
}

function secretErrors(answers: readonly SignalAnswer[]): string[] {
  const secret = findSecretIn(answers);
  return secret === undefined ? [] : [`the answer holds what looks like ${secret.label}; leave it out`];
}

/** They are not asked about again: an answer that cannot be used was paid for twice already. */
function unused(signals: readonly SignalEntry[], why: string): SignalUse[] {
  const words = oneLine(maskSecrets(why)).trim().slice(0, 500);
  const reason = `They were shown to a model, and no answer could be used: ${words}`;
  return signals.map((signal) => ({ signal, use: 'none', reason }));
}

/** A priority is changed of a recommendation that was shown, or of none. */
function usesOf(
  { workspace }: PassContext,
  signals: readonly SignalEntry[],
  answers: readonly SignalAnswer[],
  open: readonly RecommendationEntry[],
): SignalUse[] {
  const shown = new Set(open.map(({ id }) => id));
  return settleSignals(signals, answers, workspace.settings.explain.idea_relevance).map((one) => {
    const { signal, use, reason, recommendationId = '' } = one;
    if (use === 'idea' || use === 'none' || shown.has(recommendationId)) return one;
    return { signal, use: 'none', reason: `It names no recommendation that is open. ${reason}` };
  });
}

async function record(context: PassContext, uses: readonly SignalUse[]): Promise<number> {
  const { workspace, index } = context;
  const words = { subject: `Look at ${uses.length} research signals` };
  const done = await recordAll(workspace, index, words, (snapshot) =>
    consumeSignals(context, snapshot, uses),
  );
  return done.value;
}
