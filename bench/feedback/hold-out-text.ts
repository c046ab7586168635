import { tableText } from '../table-text.ts';
import type { Direction, HoldOutSuite, Spread } from './hold-out-suite.ts';
import type { Comparison, Difference } from './routed-solver.ts';

/** The suite for people. Differences are the routed solver minus the single model; intervals are 90 %. */
export function holdOutText(suite: HoldOutSuite): string {
  return [...suite.directions.map(directionText), splitsText(suite)].join('\n\n');
}

function directionText(direction: Direction): string {
  const { name, routing, instances, resolved, cost, against, ceiling } = direction;
  const head = [
    '',
    'resolved',
    'USD each',
    'USD a resolved one',
    'difference [90 %]',
    'won:lost',
    'USD more [90 %]',
  ];
  const row = (label: string, solved: number, usd: number, rest: readonly string[]) => [
    label,
    `${solved} (${percent(solved / instances)})`,
    usd.toFixed(3),
    ((usd * instances) / solved).toFixed(3),
    ...rest,
  ];
  const rows = [
    row('routed solver', resolved, cost, []),
    ...against.map((one) => row(`always ${one.model}`, one.resolved, one.cost, comparisonCells(one))),
    ['any of them', `${ceiling} (${percent(ceiling / instances)})`],
  ];
  const routes = routing === null ? '' : `; ${routesText(routing)}`;
  return `${name}, ${instances} instances${routes}\n${indent(tableText([head, ...rows]))}`;
}

function comparisonCells({ rate, wins, losses, saving }: Comparison): string[] {
  if (wins + losses === 0 && saving.difference === 0) return ['the same choice every time', '0:0', '0.000'];
  return [
    interval(rate, (value) => points(value)),
    `${wins}:${losses}`,
    interval(saving, (value) => signed(value, 3)),
  ];
}

function routesText({ default: usual, domains }: NonNullable<Direction['routing']>): string {
  const own = Object.entries(domains).map(([domain, model]) => `${domain} to ${model}`);
  return [
    'routes',
    own.join(', '),
    `${own.length > 0 ? 'and ' : ''}everything${own.length > 0 ? ' else' : ''} to ${usual}`,
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function splitsText(suite: HoldOutSuite): string {
  const rows = Object.keys(suite.use).map((model) => [
    model,
    percent(suite.use[model] ?? 0),
    spreadText(suite.rateAgainst[model], points),
    spreadText(suite.costAgainst[model], (value) => signed(value, 3)),
  ]);
  const head = [
    'model',
    'share of the work',
    'points more than it [5 to 95 %]',
    'USD an instance more [5 to 95 %]',
  ];
  const rate = spreadText(suite.rate, percent);
  const cost = spreadText(suite.cost, (value) => value.toFixed(3));
  return `${suite.splits} other splits, both directions together: resolved ${rate}, USD an instance ${cost}\n${indent(tableText([head, ...rows]))}`;
}

function interval({ difference, lower, upper }: Difference, show: (value: number) => string): string {
  return `${show(difference)} [${show(lower)}, ${show(upper)}]`;
}

function spreadText(spread: Spread | undefined, show: (value: number) => string): string {
  return spread === undefined ? '' : `${show(spread.mean)} [${show(spread.low)}, ${show(spread.high)}]`;
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
const points = (share: number) => signed(100 * share, 1);
const indent = (text: string) => text.replaceAll(/^/gm, '  ');

function signed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  if (Number(text) === 0) return text;
  return `${value < 0 ? '-' : '+'}${text}`;
}
