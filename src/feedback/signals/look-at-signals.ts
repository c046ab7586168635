import { z } from 'zod';
import { findSecretIn } from '../../contracts/secret-places.ts';
import type { PassContext } from '../../ledger/controller.ts';
import { recordAll } from '../../ledger/record-all.ts';
import type { Llm } from '../../llm/llm.ts';
import { analystRequest } from '../explain/analyst-request.ts';
import { analystTier } from '../explain/analyst-tier.ts';
import { noteAttempt } from '../explain/attempts.ts';
import { type RecommendationEntry, readFeedbackState } from '../feedback-state.ts';
import { recommendationStatuses } from '../recommendation-status.ts';
import { consumeSignals } from './consume-signals.ts';
import type { SignalEntry } from './read-signals.ts';
import { type SignalUse, settleSignals } from './settle-signals.ts';
import { type SignalAnswer, signalAnswer } from './signal-answer.ts';
import { signalText } from './signal-text.ts';
import { SIGNALS_ATTEMPT, signalsToLookAt } from './signals-to-look-at.ts';

const signalsAnswer = z.strictObject({ signals: z.array(signalAnswer).max(50) });

/** How many open recommendations a signal is held against. */
const MOST_RECOMMENDATIONS = 30;

/** What came of a look at signals. */
export interface Looked {
  /** How many were used up. */
  readonly consumed: number;
  /** Why none were, where some were waiting. */
  readonly problem?: string;
}

/**
 * One question about the signals that no finding has used. Every signal that was shown is then used up; when no
 * answer can be used, all of them wait for another day. Throws `prompt-missing`, `bad-prompt`.
 */
export async function lookAtSignals(context: PassContext, llm: Llm): Promise<Looked> {
  const tier = analystTier(llm);
  const signals = tier === undefined ? [] : await signalsToLookAt(context);
  if (tier === undefined || signals.length === 0) return { consumed: 0 };
  const open = await openRecommendations(context);
  const request = await analystRequest(context, {
    tier,
    prompt: 'signals',
    variables: variablesOf(signals, open),
    schema: signalsAnswer,
  });
  const done = await llm.complete(request);
  const problem = done.result === 'ok' ? secretProblem(done.value.signals) : done.reason;
  if (done.result !== 'ok' || problem !== undefined) {
    await noteAttempt(context.workspace, SIGNALS_ATTEMPT);
    return { consumed: 0, problem: problem ?? 'there was no answer' };
  }
  return { consumed: await record(context, usesOf(context, signals, done.value.signals, open)) };
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

function secretProblem(answers: readonly SignalAnswer[]): string | undefined {
  const secret = findSecretIn(answers);
  return secret === undefined ? undefined : `the answer holds what looks like ${secret.label}`;
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
