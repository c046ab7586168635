import type { FeedbackState, PatchEntry, RecommendationEntry } from '../feedback-state.ts';

/** What the analysis and the drafts of a model are recorded as. Everything else came from a person. */
const ANALYSIS = 'sky-lynx';

/**
 * Why archived tasks say nothing of a patch: what suggested it has seen them. A finding of the analysis counts as
 * apart when it was made on the other side of the split, which its record says. A change that a model drafted
 * counts as the finding that it explains does: the model read that finding's figures. What a person recommends is
 * apart: nobody computed it from the tasks of the test. Pure.
 */
export function whyNotApart(
  { recommendation_ids: ids }: Pick<PatchEntry, 'recommendation_ids'>,
  { recommendations }: Pick<FeedbackState, 'recommendations'>,
): string | undefined {
  if (ids.length === 0) return undefined;
  const known = new Map(recommendations.map((entry) => [entry.id, entry]));
  const found = ids.map((id) => known.get(id));
  if (found.some((entry) => entry === undefined))
    return 'a recommendation that it carries cannot be read, so nobody knows which outcomes suggested it';
  return found.every((entry) => isApart(entry, known))
    ? undefined
    : 'the outcomes that suggested it include the tasks of the test; an analysis made while gate.agent is set keeps them apart';
}

function isApart(
  entry: RecommendationEntry | undefined,
  known: ReadonlyMap<string, RecommendationEntry>,
): boolean {
  if (entry === undefined) return false;
  const explains = entry.extra?.explains;
  // One step and no further: a finding that is itself a draft was not made by the analysis.
  return isFoundApart(
    typeof explains === 'string' && entry.source === ANALYSIS ? known.get(explains) : entry,
  );
}

function isFoundApart(entry: RecommendationEntry | undefined): boolean {
  if (entry === undefined) return false;
  return entry.source !== ANALYSIS || entry.extra?.split === 'reflect';
}
