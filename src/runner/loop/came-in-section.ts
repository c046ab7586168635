import { percent } from '../../feedback/finding.ts';
import { wilsonInterval } from '../../feedback/statistics/wilson-interval.ts';
import type { ReportFacts } from './report-facts.ts';
import { amount, firstRows, foreign, markdownTable, usd } from './report-text.ts';

/** Records of the week and of the week before, and what became of the work. */
export function cameInSection({
  records_by_kind: kinds,
  outcomes_by_persona: personas,
}: ReportFacts): string[] {
  const total = kinds.reduce((sum, { this_week: n }) => sum + n, 0);
  const before = kinds.reduce((sum, { week_before: n }) => sum + n, 0);
  if (total === 0)
    return [
      before === 0 ? 'Nothing came in.' : `Nothing came in. The week before, ${amount(before)} records did.`,
    ];
  const rows = kinds.map(({ kind, this_week: n, week_before: earlier }) => [
    foreign(kind),
    amount(n),
    amount(earlier),
  ]);
  return [
    'Records count when they were recorded, whenever the work behind them was done.',
    markdownTable(['kind', 'this week', 'the week before'], 1, rows),
    ...personaTable(personas),
  ];
}

/** The normal quantile of both bounds of a 95 % interval. */
const Z_95 = 1.959964;

function personaTable(personas: ReportFacts['outcomes_by_persona']): string[] {
  if (personas.length === 0) return ['No outcomes.'];
  const { shown, more } = firstRows(personas, 'personas');
  const rows = shown.map(({ persona, runs, accepted, errors, cost_usd: cost }) => {
    const { lower, upper } = wilsonInterval(accepted, runs, Z_95);
    return [
      foreign(persona),
      amount(runs),
      amount(accepted),
      percent(accepted, runs),
      runs === 0 ? '' : `${(100 * lower).toFixed(1)} to ${(100 * upper).toFixed(1)} %`,
      usd(cost),
      cost === null || accepted === 0 ? '' : usd(cost / accepted),
      amount(errors),
    ];
  });
  const head = ['persona', 'runs', 'succeeded', 'success', '95 % interval', 'cost', 'a success', 'errors'];
  return [
    '### Outcomes by persona',
    `${markdownTable(head, 1, rows)}${more}`,
    'Errors are faults of the infrastructure and count for nobody. A cost is only known when every run told its own.',
  ];
}
