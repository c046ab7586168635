import type { PlotPlan } from './plan-plot.ts';
import { textWidth } from './text-width.ts';

/** Pixels of the chart itself: without title, legend and notes. */
export interface ChartLayout {
  readonly width: number;
  readonly height: number;
  /** Bars that lie: names stand in a column on the left and can be long. */
  readonly horizontal: boolean;
  /** Names below the axis stand on a slant when they do not fit beside one another. */
  readonly slanted: boolean;
}

export const TICK_SIZE = 12;
const MARGINS = 100;
const BAND = 24;
const THIN_BAR = 13;

/** Turns the bars when names do not fit below them. `height` is what a caller asks for. Pure. */
export function chartLayout(plan: PlotPlan, width: number, height: number | undefined): ChartLayout {
  const crowded = !namesFit(plan.names, width);
  const horizontal = plan.mark === 'bar' && crowded;
  const slanted = plan.mark !== 'bar' && crowded;
  const natural = horizontal ? plan.names.length * bandHeight(plan) + 70 : 360 + (slanted ? 80 : 0);
  return { width, height: Math.max(height ?? natural, 100), horizontal, slanted };
}

function namesFit(names: readonly string[], width: number): boolean {
  const band = (width - MARGINS) / names.length;
  return names.every((name) => textWidth(name, TICK_SIZE) < band * 0.95);
}

function bandHeight({ names, points, series }: PlotPlan): number {
  return points.length > names.length ? Math.max(BAND, series.length * THIN_BAR + 10) : BAND;
}
