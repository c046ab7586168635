import type { ReportFacts } from './report-facts.ts';
import { amount, counted, firstRows, foreign, markdownTable, usd } from './report-text.ts';

/** What was spent, and what nobody knows the price of. */
export function costSection({
  outcomes_by_persona: personas,
  model_calls: calls,
  replays,
}: ReportFacts): string[] {
  const [replay = { runs: 0, cost_usd: null, unpriced: 0 }] = replays;
  const runs = personas.reduce((sum, one) => sum + one.runs, 0);
  if (runs + calls.length + replay.runs === 0) return ['Nothing was spent.'];
  return [workWords(personas, runs), replayWords(replay), ...callsTable(calls)].filter((text) => text !== '');
}

function workWords(personas: ReportFacts['outcomes_by_persona'], runs: number): string {
  if (runs === 0) return '';
  const known = personas.filter(({ cost_usd }) => cost_usd !== null);
  const sum = known.reduce((total, { cost_usd }) => total + (cost_usd ?? 0), 0);
  const unknown = personas.length - known.length;
  const left =
    unknown === 0
      ? ''
      : `, without ${counted(unknown, 'persona', 'personas')} whose runs did not all tell theirs`;
  const shown = known.length === 0 ? 'not known' : usd(sum);
  return `Work of agents: ${counted(runs, 'run', 'runs')}, ${shown}${left}.`;
}

function replayWords({ runs, cost_usd: cost, unpriced }: ReportFacts['replays'][number]): string {
  if (runs === 0) return '';
  const left =
    unpriced === 0 ? '' : `, without ${counted(unpriced, 'replay that has', 'replays that have')} no price`;
  return `Replays: ${counted(runs, 'run', 'runs')}, ${usd(cost)}${left}.`;
}

function callsTable(calls: ReportFacts['model_calls']): string[] {
  if (calls.length === 0) return ['No model was asked.'];
  const { shown, more } = firstRows(calls, 'rows');
  const rows = shown.map((one) => [
    foreign(one.tier),
    foreign(one.model),
    foreign(one.persona),
    amount(one.calls),
    amount(one.not_ok),
    amount(one.tokens_read),
    amount(one.tokens_written),
    usd(one.cost_usd),
  ]);
  const unpriced = calls.reduce((sum, one) => sum + one.unpriced, 0);
  const total = calls.reduce((sum, one) => sum + (one.cost_usd ?? 0), 0);
  const known = calls.some(({ cost_usd }) => cost_usd !== null);
  const left =
    unpriced === 0 ? '' : `, without ${counted(unpriced, 'call that has', 'calls that have')} no known price`;
  const head = ['tier', 'model', 'persona', 'calls', 'not usable', 'tokens read', 'tokens written', 'cost'];
  return [
    `Calls of models: ${known ? usd(total) : 'cost not known'}${left}.`,
    `${markdownTable(head, 3, rows)}${more}`,
  ];
}
