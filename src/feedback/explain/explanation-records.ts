import { type Explanation, explanation } from '../../contracts/explanation.ts';
import { derivedId } from '../../contracts/ids.ts';
import { oneLine } from '../../contracts/issue.ts';
import { type Evidence, type Recommendation, recommendation } from '../../contracts/recommendation.ts';
import type { Contract } from '../../contracts/record.ts';
import { maskSecrets } from '../../contracts/secrets.ts';
import type { RecommendationEntry } from '../feedback-state.ts';
import type { Baseline } from './baseline.ts';
import type { DraftGround } from './check-draft.ts';
import type { Draft } from './to-draft.ts';

/** What is known of an explanation beside what it says. */
export interface ExplanationFacts {
  readonly calls: readonly string[];
  readonly promptHash: string | undefined;
  readonly explainedAt: string;
  /** Of the persona before any change; undefined when it has no runs. */
  readonly baseline?: Baseline | undefined;
}

/** The explanation, and the recommendation with deltas that came of it. Ids are computed from the finding. */
export function draftedRecords(ground: DraftGround, draft: Draft, facts: ExplanationFacts): Contract[] {
  const drafted = draft.deltas.length === 0 ? [] : [draftedRecommendation(ground, draft, facts)];
  const state = draft.causes.length === 0 ? 'nothing' : 'drafted';
  const said: Partial<Explanation> & Pick<Explanation, 'state'> = {
    state,
    causes: [...draft.causes],
    recommendation_ids: drafted.map(({ id }) => id),
    quotes_dropped: draft.quotesDropped,
    signal_ids: ground.signals.map(({ id }) => id),
  };
  return [explanationRecord(ground, facts, said), ...drafted];
}

/** The record that no draft could be used. The signals that were shown are free for another finding. */
export function failedRecord(ground: DraftGround, reason: string, facts: ExplanationFacts): Contract {
  const error = oneLine(maskSecrets(reason)).trim().slice(0, 1_000) || 'unknown';
  return explanationRecord(ground, facts, { state: 'failed', error });
}

/** The id that the explanation of a finding has, whoever makes it. */
export function explanationId(finding: RecommendationEntry): string {
  return derivedId(foundAt(finding), ['explanation', finding.id]);
}

/** The id of the recommendation that came of a finding. */
export function draftedId(finding: RecommendationEntry): string {
  return derivedId(foundAt(finding), ['recommendation', 'explained', finding.id]);
}

function foundAt(finding: RecommendationEntry): Date {
  return new Date(finding.emitted_at ?? finding.recorded_at);
}

function explanationRecord(
  { finding, records }: DraftGround,
  { calls, promptHash, explainedAt }: ExplanationFacts,
  said: Pick<Explanation, 'state'> & Partial<Explanation>,
): Contract {
  const id = explanationId(finding);
  const { target_persona: persona } = finding;
  const fields = {
    explanation_id: id,
    recommendation_id: finding.id,
    ...(persona === undefined ? {} : { persona_id: persona }),
    ...said,
    records_read: records.length,
    transcripts_read: records.filter(({ hasTranscript }) => hasTranscript).length,
    llm_call_ids: calls.slice(-20),
    ...(promptHash === undefined ? {} : { prompt_hash: promptHash }),
    explained_at: explainedAt,
  };
  return { id, kind: explanation, source: 'sky-lynx', fields: explanation.fields.parse(fields) };
}

function draftedRecommendation(
  { finding, persona }: DraftGround,
  draft: Draft,
  { explainedAt, baseline }: ExplanationFacts,
): Contract {
  const id = draftedId(finding);
  const fields: Recommendation = {
    recommendation_id: id,
    recommendation_type: 'playbook',
    target_system: 'personas',
    ...(persona === undefined ? {} : { target_persona: persona.persona.id }),
    priority: finding.priority,
    title: `Because of: ${finding.title}`.slice(0, 1_000),
    evidence: evidenceOf(finding, draft),
    suggested_change: { deltas: [...draft.deltas] },
    rationale: rationaleOf(draft),
    emitted_at: explainedAt,
    extra: {
      explains: finding.id,
      ...(draft.predictedDifference === undefined ? {} : { predicted_difference: draft.predictedDifference }),
      ...(baseline === undefined ? {} : { baseline: baseline.rate, baseline_runs: baseline.runs }),
    },
  };
  return { id, kind: recommendation, source: 'sky-lynx', fields: recommendation.fields.parse(fields) };
}

/** The figures of the finding first, then each cause with the records that show it. */
function evidenceOf(finding: RecommendationEntry, draft: Draft): Evidence[] {
  const causes = draft.causes.map(({ statement, record_ids: ids }) => ({ statement, record_ids: [...ids] }));
  const others = [...new Set(draft.deltaRecordIds.flat())];
  return [
    ...finding.evidence.slice(0, 1),
    ...causes,
    { statement: 'Records that speak for the change itself.', record_ids: others },
  ];
}

/** The longest text of a rationale. */
const LONGEST = 20_000;

function rationaleOf({ causes, predictedDifference }: Draft): string {
  const lines = causes.flatMap(({ statement, record_ids: ids, quotes }) => [
    `${statement} (${ids.length} ${ids.length === 1 ? 'record' : 'records'})`,
    ...quotes.map(({ record_id: id, text }) => `"${oneLine(text)}" (${id})`),
  ]);
  const prediction =
    predictedDifference === undefined
      ? []
      : [
          `Expected change of the share of accepted work, over all work of the persona: ${(100 * predictedDifference).toFixed(1)} points, as a model guesses.`,
        ];
  return [...lines, ...prediction].join('\n').slice(0, LONGEST);
}
