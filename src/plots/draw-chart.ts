import { type ChartLayout, TICK_SIZE } from './chart-layout.ts';
import { type ChartNames, chartOptions } from './chart-options.ts';
import type { PlotPlan } from './plan-plot.ts';
import type { PlotShape } from './plot-shape.ts';
import type { SvgDocument, SvgNode } from './svg-document.ts';
import { textWidth } from './text-width.ts';

type PlotLibrary = typeof import('@observablehq/plot');

const TOP = 34;
/** Of a text on a slant of 45 degrees, this much goes to the side, and down. */
const SLANT = Math.SQRT1_2;

/**
 * The chart as an SVG element, 0,0 at its upper left. It is drawn twice: the labels of the first say how wide the
 * margins of the second must be.
 */
export function drawChart(
  plot: PlotLibrary,
  document: SvgDocument,
  plan: PlotPlan,
  shape: PlotShape,
  layout: ChartLayout,
  names: ChartNames,
): SvgNode {
  const options = chartOptions(plot, plan, shape, layout, names);
  const draw = (marginLeft: number, marginBottom: number): SvgNode => {
    const margins = { marginTop: TOP, marginLeft, marginBottom };
    return plot.plot({ ...options, ...margins, document: document as never }) as unknown as SvgNode;
  };
  const first = draw(60, 60);
  const slant = layout.slanted ? labelWidth(first, 'x') * SLANT : 0;
  const bottom = plan.axis === 'time' ? 54 : 42;
  const left = Math.max(labelWidth(first, 'y') + 12, slant - layout.width / plan.names.length / 2 + 12);
  return draw(Math.ceil(left), Math.ceil(bottom + slant));
}

function labelWidth(chart: SvgNode, axis: 'x' | 'y'): number {
  const labels = [...chart.querySelectorAll(`[aria-label="${axis}-axis tick label"] text`)];
  return Math.max(0, ...labels.map((label) => textWidth(label.textContent ?? '', TICK_SIZE)));
}
