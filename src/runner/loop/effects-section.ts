import type { EffectFacts, ReportFacts } from './report-facts.ts';
import { amount, counted, firstRows, foreign, markdownTable, points } from './report-text.ts';

/** What merged changes did, held against what they had promised. */
export function effectsSection({ effects, calibration }: ReportFacts): string[] {
  return [
    ...(effects.length === 0 ? ['No merged change was measured.'] : effectsTable(effects)),
    ...calibrationWords(calibration[0]),
  ];
}

const standings: Readonly<Record<string, string>> = {
  measuring: 'still measured',
  alert: 'alert: it looks harmful',
  promote: 'promoted',
  roll_back: 'to be taken back',
  inconclusive: 'inconclusive',
  superseded: 'superseded',
};

function effectsTable(effects: readonly EffectFacts[]): string[] {
  const { shown, more } = firstRows(effects, 'changes');
  const rows = shown.map((one) => [
    foreign(one.persona_id),
    `${foreign(one.control_version)} to ${foreign(one.treatment_version)}`,
    `${standings[one.standing] ?? foreign(one.standing)}${one.reason === null ? '' : `: ${foreign(one.reason)}`}`,
    `${amount(one.control_runs)} and ${amount(one.treatment_runs)}`,
    points(one.predicted),
    points(one.difference),
    one.difference_low === null || one.difference_high === null
      ? ''
      : `${points(one.difference_low)} to ${points(one.difference_high)}`,
    `${evidence(one.evidence_harm)} / ${evidence(one.evidence_benefit)}`,
  ]);
  const head = [
    'persona',
    'versions',
    'where it stands',
    'runs, old and new',
    'predicted',
    'measured',
    '90 % interval',
    'evidence of harm / benefit',
  ];
  return [
    `${markdownTable(head, 3, rows)}${more}`,
    'Differences are in percentage points of success. Evidence is an e-value: the larger, the less likely by chance.',
  ];
}

function evidence(value: number): string {
  return value >= 1_000 ? amount(Math.round(value)) : value.toFixed(2);
}

function calibrationWords(all: ReportFacts['calibration'][number] | undefined): string[] {
  if (all === undefined || all.patches === 0) return [];
  const slope =
    all.slope === null ? '' : ` A point that was predicted was ${all.slope.toFixed(2)} points when measured.`;
  const error =
    all.mean_abs_error === null
      ? ''
      : ` On average, a prediction was ${(100 * all.mean_abs_error).toFixed(1)} points off.`;
  return [
    `What was decided early exaggerates: a measurement ends when it looks strong. Calibration: ${counted(all.patches, 'prediction has', 'predictions have')} been measured to the end.${error}${slope}`,
  ];
}
