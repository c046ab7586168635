import { z } from 'zod';
import { type Cause, cause } from '../../contracts/explanation.ts';
import { showP } from '../../feedback/finding.ts';
import type { ReportFacts } from './report-facts.ts';
import { amount, counted, firstRows, foreign, idCode, markdownTable } from './report-text.ts';

/** What the analysis found, and why it is so, as far as models could tell. */
export function foundSection({ analyses, findings, explanations }: ReportFacts): string[] {
  const { shown, more } = firstRows(findings, 'findings');
  const rows = shown.map(({ id, persona, priority, title, p_adjusted: p, status }) => [
    foreign(priority),
    foreign(persona ?? 'nobody named'),
    `${foreign(title)} (${idCode(id)})`,
    foreign(status ?? 'not known'),
    p === null ? '' : showP(p),
  ]);
  const head = ['priority', 'persona', 'finding', 'where it stands', 'p adjusted'];
  return [
    analysisWords(analyses[0]),
    rows.length === 0 ? 'Nothing was found.' : `${markdownTable(head, 4, rows)}${more}`,
    ...explained(explanations),
  ];
}

function analysisWords(newest: ReportFacts['analyses'][number] | undefined): string {
  if (newest === undefined) return 'No analysis was recorded.';
  const { outcomes, comparisons, findings, watch, not_enough_data: few } = newest;
  return `The newest analysis held ${counted(outcomes, 'outcome', 'outcomes')} against each other in ${counted(comparisons, 'comparison', 'comparisons')}: ${counted(findings, 'finding', 'findings')}, ${amount(watch)} to watch, and too little data to judge ${counted(few, 'group', 'groups')}.`;
}

const MOST_EXPLAINED = 10;

function explained(explanations: ReportFacts['explanations']): string[] {
  if (explanations.length === 0) return [];
  const rest = explanations.length - MOST_EXPLAINED;
  return [
    '### Why',
    ...explanations.slice(0, MOST_EXPLAINED).map(explanation),
    ...(rest > 0 ? [`And ${counted(rest, 'more explanation', 'more explanations')}.`] : []),
  ];
}

function explanation(one: ReportFacts['explanations'][number]): string {
  const causes = readCauses(one.causes).slice(0, 5);
  const lines = one.state === 'drafted' || causes.length > 0 ? causes.flatMap(causeLines) : [];
  return [
    `**${foreign(one.title)}**: ${outcomeWords(one)}`,
    ...(lines.length === 0 ? [] : ['', ...lines]),
  ].join('\n');
}

function outcomeWords({
  state,
  error,
  drafts,
  records_read: read,
  quotes_dropped: dropped,
}: ReportFacts['explanations'][number]): string {
  if (state === 'failed') return `no draft could be used${error === null ? '' : ` (${foreign(error)})`}.`;
  const shown = `a model read ${counted(read ?? 0, 'record', 'records')}`;
  const left =
    dropped === null || dropped === 0
      ? ''
      : `; ${counted(dropped, 'quote was', 'quotes were')} not in the records and left out`;
  if (state === 'nothing') return `${shown} and saw no cause${left}.`;
  return `${shown} and drafted ${counted(drafts, 'change', 'changes')}${left}.`;
}

const QUOTE_LENGTH = 300;

function causeLines({ statement, record_ids: ids, quotes }: Cause): string[] {
  const more = ids.length > 3 ? `, and ${ids.length - 3} more` : '';
  return [
    `- ${foreign(statement, QUOTE_LENGTH)} (${ids.slice(0, 3).map(idCode).join(', ')}${more})`,
    ...quotes
      .slice(0, 2)
      .map(({ record_id: id, text }) => `  > ${foreign(text, QUOTE_LENGTH)} (${idCode(id)})`),
  ];
}

/** A line of the history that somebody edited may hold other things than causes: they are left out. */
function readCauses(json: string | null): readonly Cause[] {
  const read = z.array(cause).safeParse(jsonOr(json, []));
  return read.success ? read.data : [];
}

function jsonOr(text: string | null, otherwise: unknown): unknown {
  try {
    return text === null ? otherwise : JSON.parse(text);
  } catch {
    return otherwise;
  }
}
