import { maskSecrets } from '../../contracts/secrets.ts';
import type { PassContext } from '../../ledger/controller.ts';
import type { RecommendationEntry } from '../feedback-state.ts';
import { splitOf } from '../gate/split-of.ts';
import type { Baseline } from './baseline.ts';
import type { ExplainedRecord } from './explained-record.ts';
import { readExplainedRecords } from './read-explained-records.ts';
import { readTranscript } from './read-transcript.ts';
import { recordText } from './record-text.ts';
import type { ShownRecord } from './shown-record.ts';

/** What a model may see of the records of a finding. */
export interface ShownRecords {
  readonly records: readonly ShownRecord[];
  /** What it is not shown, and why: sentences for the model and for people. */
  readonly leftOut: readonly string[];
  /** How the persona of the finding does; undefined when it has no runs, or the finding names none. */
  readonly baseline?: Baseline | undefined;
}

/**
 * The records behind each finding, in their order: those whose task the gate does not keep for itself, at most
 * `max_records`, each cut to `max_record_chars`, with its transcript where it links one.
 */
export async function readShownRecords(
  context: PassContext,
  findings: readonly RecommendationEntry[],
): Promise<ShownRecords[]> {
  const { workspace } = context;
  const ids = [...new Set(findings.flatMap(recordIds))];
  const { records: rows, baselines } = await readExplainedRecords(context, ids);
  return Promise.all(
    findings.map(async (finding) => {
      const own = new Set(recordIds(finding));
      const found = rows.filter(({ id }) => own.has(id));
      const shown = await showRecords(workspace, finding, found, own.size - found.length);
      return { ...shown, baseline: baselines.get(finding.target_persona ?? '') };
    }),
  );
}

function recordIds({ evidence }: RecommendationEntry): string[] {
  return evidence.flatMap(({ record_ids: ids }) => ids);
}

async function showRecords(
  workspace: PassContext['workspace'],
  finding: RecommendationEntry,
  found: readonly ExplainedRecord[],
  unknown: number,
): Promise<ShownRecords> {
  const { max_records: most, max_record_chars: chars } = workspace.settings.explain;
  const open = found.filter((record) => mayBeShown(record, finding));
  const chosen = open.slice(0, most);
  const shown = await Promise.all(chosen.map((record) => showRecord(workspace, record, chars)));
  return {
    records: [...ownWords(finding, chars), ...shown.map(({ record }) => record)],
    leftOut: [
      ...counted(unknown, 'named there are not in the history, or are no outcomes'),
      ...counted(found.length - open.length, 'belong to tasks that are kept for testing changes'),
      ...counted(open.length - chosen.length, 'more are alike and were left out for their number'),
      ...shown.flatMap(({ problem }) => problem ?? []),
    ],
  };
}

/** What a person found is evidence in itself; what the analysis found is only what its records show. */
function ownWords(finding: RecommendationEntry, chars: number): ShownRecord[] {
  if (finding.source === 'sky-lynx') return [];
  const { title, rationale, suggested_change: change, evidence } = finding;
  const lines = [title, change?.text, rationale, ...evidence.map(({ statement }) => statement)];
  const text = maskSecrets(lines.filter((line) => line !== undefined).join('\n'));
  return [{ id: finding.id, text: text.slice(0, chars), hasTranscript: false }];
}

/** A task that the gate tests with must never be known to whoever proposes the change. */
function mayBeShown(record: ExplainedRecord, finding: RecommendationEntry): boolean {
  const persona = record.persona_id ?? finding.target_persona ?? '';
  return splitOf(persona, record.paired_key ?? record.idea_id) === 'reflect';
}

async function showRecord(workspace: PassContext['workspace'], record: ExplainedRecord, chars: number) {
  const text = recordText(record, chars);
  const plain = { id: record.id, text, hasTranscript: false };
  if (record.transcript === null) return { record: plain };
  const read = await readTranscript(workspace, record.transcript, chars);
  if (!read.ok)
    return { record: plain, problem: `the transcript of ${record.id} is not shown: ${read.reason}` };
  const end = `\nthe end of its transcript:\n${read.text}`;
  return { record: { id: record.id, text: text + end, hasTranscript: true } };
}

function counted(n: number, words: string): string[] {
  return n > 0 ? [`${n} records ${words}`] : [];
}
