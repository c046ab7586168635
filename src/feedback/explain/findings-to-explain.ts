import type { PassContext } from '../../ledger/controller.ts';
import { type RecommendationEntry, readFeedbackState } from '../feedback-state.ts';
import { recommendationStatuses } from '../recommendation-status.ts';
import { readAttempts } from './attempts.ts';
import { beginOfPass } from './begin-of-pass.ts';
import { readExplanations } from './read-explanations.ts';

/**
 * Findings that wait for somebody to say what to change, newest first: those without deltas that nobody has
 * explained and nobody has tried to explain today. At most `explain.max_findings` a pass.
 * @param insist true: those that nobody answered today as well
 */
export async function findingsToExplain(
  context: PassContext,
  insist = false,
): Promise<RecommendationEntry[]> {
  const { workspace } = context;
  const [state, explanations] = await Promise.all([
    readFeedbackState(workspace),
    readExplanations(workspace),
  ]);
  const statuses = recommendationStatuses(state, explanations);
  const waiting = state.recommendations.filter(({ id }) => statuses.get(id) === 'waiting');
  if (waiting.length === 0) return [];
  const attempts = await readAttempts(workspace);
  const since = await beginOfPass(context);
  const done = [...explanations.values()].filter(({ explained_at: at }) => at > since).length;
  const room = Math.max(0, workspace.settings.explain.max_findings - done);
  return waiting
    .filter(({ id }) => insist || attempts.heldBack(id) === undefined)
    .sort(newestFirst)
    .slice(0, room);
}

function newestFirst(a: RecommendationEntry, b: RecommendationEntry): number {
  const time = ({ emitted_at: emitted, recorded_at: recorded }: RecommendationEntry) => emitted ?? recorded;
  return time(b).localeCompare(time(a)) || (a.id < b.id ? 1 : -1);
}
