import { MillwrightError } from '../contracts/millwright-error.ts';
import type { Calibration } from '../feedback/effects/calibration.ts';
import type { EffectRow, EffectsReport } from '../feedback/effects/list-effects.ts';
import { padToWidth } from '../plots/pad-to-width.ts';
import type { CommandDefinition } from './command.ts';
import { lookAtWorkspace, print } from './with-workspace.ts';

export const effects: CommandDefinition = {
  name: 'effects',
  summary: 'hold what merged patches promised against what they did',
  description:
    'After a merge half of the runs keep the old version of the persona until it is decided which one is better. Lists every merged patch with its promise and its measurement, also those under way, and how far the promises can be trusted. A pass decides and records; this command only looks.',
  options: [{ flags: '--patch <id>', text: 'one patch in detail: its id, or the beginning or end of it' }],
  examples: ['millwright effects', 'millwright effects --patch 01k9', 'millwright effects --json'],
  exits: ['10 no workspace here'],
  run: async ({ folder, options }, io) =>
    lookAtWorkspace(folder, io, async (context) => {
      const { listEffects } = await import('../feedback/effects/list-effects.ts');
      const report = await listEffects(context);
      if (typeof options.patch === 'string') print(io, findRow(report, options.patch), describeRow);
      else print(io, report, describeEffects);
      return 0;
    }),
};

function findRow({ patches }: EffectsReport, text: string): EffectRow {
  const matches = patches.filter(({ patch_id: id }) => id.startsWith(text) || id.endsWith(text));
  const [only] = matches;
  if (only !== undefined && matches.length === 1) return only;
  const ids = (matches.length > 0 ? matches : patches).map(({ patch_id: id }) => id);
  throw new MillwrightError(
    'no-merged-patch',
    matches.length === 0
      ? `no merged patch is called ${JSON.stringify(text)}`
      : `${matches.length} merged patches begin or end with ${JSON.stringify(text)}`,
    { hint: ids.length === 0 ? 'no patch was merged yet' : `there are ${ids.slice(0, 5).join(', ')}` },
  );
}

const HEAD = [
  'patch',
  'persona',
  'versions',
  'predicted',
  'measured (90 %)',
  'runs',
  'harm',
  'benefit',
  'state',
];

/** A test that stops as soon as it is sure stops on a lucky, or unlucky, stretch more often than not. */
const FLATTERS =
  'measured differences of decided patches exaggerate: counting stops at the pair that decides';

export function describeEffects({ patches, calibration }: EffectsReport): string {
  if (patches.length === 0)
    return 'no patch was merged yet\nhint: millwright review list shows what waits to be merged';
  const rows = [HEAD, ...patches.map(cellsOf)];
  const widths = HEAD.map((_, at) => Math.max(...rows.map((cells) => cells[at]?.length ?? 0)));
  const lines = rows.map((cells) =>
    cells
      .map((cell, at) => padToWidth(cell, widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [...lines, '', FLATTERS, describeCalibration(calibration)].join('\n');
}

function cellsOf(row: EffectRow): string[] {
  return [
    row.patch_id,
    row.persona_id,
    `${row.control_version} to ${row.treatment_version}`,
    points(row.predicted_difference),
    measured(row),
    `${row.control_runs} + ${row.treatment_runs}${where(row)}`,
    evidence(row.evidence_harm),
    evidence(row.evidence_benefit),
    stateOf(row),
  ];
}

/** Nothing is said of the usual case, all runs of the persona. */
function where({ runs_counted: counted }: EffectRow): string {
  return counted === null || counted === 'all' ? '' : ` ${counted}`;
}

function describeRow(row: EffectRow): string {
  const arm = (runs: number, accepted: number) => `${accepted} of ${runs} runs accepted`;
  return [
    `${row.persona_id} ${row.control_version} to ${row.treatment_version}: ${row.changes}`,
    `patch      ${row.patch_id}, merged ${row.merged_at} as ${row.commit_hash.slice(0, 12)}`,
    `state      ${stateOf(row)}: ${row.reason}`,
    `predicted  ${points(row.predicted_difference)}${otherRuns(row)}`,
    `counted    ${counted(row)}`,
    `measured   ${measured(row)}${row.method === 'fixed_history' ? ', against the past: good for an alert only' : ''}`,
    `old        ${arm(row.control_runs, row.control_accepted)}`,
    `new        ${arm(row.treatment_runs, row.treatment_accepted)}`,
    `evidence   harm ${evidence(row.evidence_harm)}, benefit ${evidence(row.evidence_benefit)}, after ${row.blocks} pairs`,
    ...(row.revert === null ? [] : [`revert     patch ${row.revert.patch_id}, ${row.revert.status}`]),
  ].join('\n');
}

function otherRuns({ predicted_difference: predicted, scope, same_scope: isSame }: EffectRow): string {
  if (predicted === null || scope === null || isSame) return '';
  return ', about other runs than those that are counted: left out of the calibration';
}

function counted({ runs_counted: words }: EffectRow): string {
  if (words === null) return 'nothing yet';
  return words === 'all' ? 'all runs of the persona' : `runs ${words}, which it routes differently`;
}

function stateOf({ state, decided_at: decidedAt, revert }: EffectRow): string {
  const words = state.replace('_', ' ');
  if (revert !== null) return `${words}, revert ${revert.status}`;
  const isDecision = state !== 'measuring' && state !== 'alert' && state !== 'waits';
  return isDecision && decidedAt === null ? `${words} (by the next pass)` : words;
}

function measured({ difference, difference_low: low, difference_high: high }: EffectRow): string {
  if (difference === null || low === null || high === null) return 'nothing yet';
  return `${points(difference)} (${points(low)} to ${points(high)})`;
}

/** Percentage points. */
function points(difference: number | null): string {
  if (difference === null) return 'nothing';
  const text = (100 * difference).toFixed(1);
  return `${Number(text) > 0 ? '+' : ''}${Number(text) === 0 ? '0.0' : text}`;
}

function evidence(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(1);
}

function describeCalibration({ n, slope, mean_absolute_error: error }: Calibration): string {
  if (n === 0 || error === null) return 'calibration: no patch with a promise was measured to an end yet';
  const worth =
    slope === null
      ? 'too few or too similar for a slope'
      : `a promised point was worth ${slope.toFixed(2)} points (slope)`;
  return `calibration: ${n} decided ${n === 1 ? 'patch' : 'patches'} with a promise, mean error ${(100 * error).toFixed(1)} points, ${worth}`;
}
