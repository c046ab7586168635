import type { SignalEntry } from './read-signals.ts';
import type { SignalAnswer } from './signal-answer.ts';

/** What came of a signal, as it will be recorded. */
export interface SignalUse {
  readonly signal: SignalEntry;
  readonly use: 'priority_raised' | 'priority_lowered' | 'idea' | 'none';
  readonly reason: string;
  /** The wish, where the signal becomes a thought. */
  readonly idea?: string;
  /** The recommendation that the model named. */
  readonly recommendationId?: string;
}

/**
 * Every signal that was shown, with what the model says of it; one that it does not mention was set aside. An idea
 * counts only where the settings allow it, the signal is of high relevance and the idea has words.
 */
export function settleSignals(
  shown: readonly SignalEntry[],
  answers: readonly SignalAnswer[],
  ideaRelevance: 'high' | 'never',
): SignalUse[] {
  return shown.map((signal) => {
    const answer = answers.find(({ signal_id: id }) => id === signal.id);
    if (answer === undefined)
      return { signal, use: 'none', reason: 'It was shown, and nothing was said of it.' };
    const { use, reason, idea_text: idea, recommendation_id: recommendationId } = answer;
    if (use !== 'idea') return { signal, use, reason, ...(recommendationId ? { recommendationId } : {}) };
    return mayBecomeThought(signal, ideaRelevance) && idea
      ? { signal, use, reason, idea }
      : { signal, use: 'none', reason: `No thought was made of it. ${reason}` };
  });
}

function mayBecomeThought({ relevance }: SignalEntry, ideaRelevance: 'high' | 'never'): boolean {
  return ideaRelevance === 'high' && relevance === 'high';
}
