import type { RecommendationEntry } from '../feedback-state.ts';
import type { SignalEntry } from './read-signals.ts';

/** How many signals one question carries beside the records of its finding. */
const MOST_EACH = 10;

/**
 * Signals for each finding, in the order of the findings. A signal is used once, so it goes to one finding only:
 * to the one with which it shares most words of its domain and tags. One that fits none is left for later.
 */
export function shareOutSignals(
  findings: readonly RecommendationEntry[],
  waiting: readonly SignalEntry[],
): SignalEntry[][] {
  const subjects = findings.map(subjectOf);
  const shares: SignalEntry[][] = findings.map(() => []);
  for (const signal of waiting) {
    const words = wordsOf([signal.domain, ...(signal.tags ?? [])]);
    const scores = subjects.map((subject) => [...words].filter((word) => subject.has(word)).length);
    const best = Math.max(0, ...scores);
    const share = best === 0 ? undefined : shares[scores.indexOf(best)];
    if (share !== undefined && share.length < MOST_EACH) share.push(signal);
  }
  return shares;
}

function subjectOf(finding: RecommendationEntry): Set<string> {
  const evidence = finding.evidence.flatMap(({ domain, arms = [] }) => [
    domain ?? '',
    ...arms.map(({ arm }) => arm),
  ]);
  return wordsOf([finding.target_persona ?? '', finding.target_system, ...evidence]);
}

/** Words of three letters and more, in lower case. */
function wordsOf(texts: readonly string[]): Set<string> {
  return new Set(
    texts
      .join(' ')
      .toLowerCase()
      .match(/[\p{L}\p{N}]{3,}/gu) ?? [],
  );
}
