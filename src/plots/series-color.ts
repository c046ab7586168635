import { palette } from './palette.ts';
import type { PlotPlan } from './plan-plot.ts';

/** The colour of each series of a plan; one grey for all that have none of their own. */
export function seriesColor({ series }: Pick<PlotPlan, 'series'>): (name: string) => string {
  const colors = new Map(series.map((name, index) => [name, palette.series[index] ?? palette.other]));
  return (name) => colors.get(name) ?? palette.other;
}
