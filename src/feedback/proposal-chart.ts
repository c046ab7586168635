import type { ArmFigures, Evidence } from '../contracts/recommendation.ts';
import { wilsonInterval } from './statistics/wilson-interval.ts';

/** The normal quantile of a bound: both together hold 95 %. */
const Z = 1.96;
const DOMAIN = 'domain';
const SHARE = 'accepted, percent';

type Row = Readonly<Record<string, string | number>>;

/**
 * Comparisons of two arms as a standalone SVG: success rates with 95 % Wilson intervals, two bars a domain. The same
 * evidence gives the same bytes.
 * @returns undefined where no arm has runs to show
 */
export async function proposalChart(tables: readonly Evidence[]): Promise<string | undefined> {
  const names = distinctNames(tables);
  const rows = tables.flatMap(({ arms = [] }, at) => [
    ...bar(names[at] ?? '', 'now', arms[0]),
    ...bar(names[at] ?? '', 'proposed', arms[1]),
  ]);
  if (rows.length === 0) return undefined;
  // The library that draws is loaded here and not before: few passes open a proposal.
  const { renderSvg } = await import('../plots/render-svg.ts');
  return renderSvg({
    rows,
    x: DOMAIN,
    y: SHARE,
    color: 'model',
    low: 'low',
    high: 'high',
    mark: 'bar',
    title: 'Accepted, now and as proposed, with 95 % intervals',
  });
}

/** Two comparisons of one domain are two bars: the picture would add them up under one name. */
function distinctNames(tables: readonly Evidence[]): string[] {
  const seen = new Map<string, number>();
  return tables.map(({ domain }) => {
    const name = domain ?? 'everything else';
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name} (${times})`;
  });
}

/** An arm from outside may claim more successes than runs: it has no rate. */
function bar(domain: string, model: string, arm: ArmFigures | undefined): Row[] {
  if (arm === undefined || arm.n === 0 || arm.accepted > arm.n) return [];
  const { lower, upper } = wilsonInterval(arm.accepted, arm.n, Z);
  const share = percentOf(arm.accepted / arm.n);
  return [{ [DOMAIN]: domain, model, [SHARE]: share, low: percentOf(lower), high: percentOf(upper) }];
}

/** Tenths: the last digits of a division differ between machines, and nobody sees them. */
function percentOf(share: number): number {
  return Math.round(share * 1_000) / 10;
}
