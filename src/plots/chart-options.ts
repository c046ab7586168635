import type { PlotOptions } from '@observablehq/plot';
import { type ChartLayout, TICK_SIZE } from './chart-layout.ts';
import { chartMarks } from './chart-marks.ts';
import { axisLabels, numberLabel } from './number-label.ts';
import { palette } from './palette.ts';
import type { PlotPlan } from './plan-plot.ts';
import type { PlotShape } from './plot-shape.ts';
import { fitText, textWidth } from './text-width.ts';

type PlotLibrary = typeof import('@observablehq/plot');

export interface ChartNames {
  readonly x: string;
  readonly y: string;
}

const LONGEST_NAME = 240;
const LONGEST_SLANTED = 150;
const grid = { stroke: palette.grid, strokeOpacity: 1 };

/** Scales, axes and marks of a chart: everything but the margins at the left, top and bottom. */
export function chartOptions(
  plot: PlotLibrary,
  plan: PlotPlan,
  shape: PlotShape,
  layout: ChartLayout,
  names: ChartNames,
): PlotOptions {
  const { width, height, horizontal } = layout;
  const fitted = { x: fitText(names.x, TICK_SIZE, width / 2), y: fitText(names.y, TICK_SIZE, width / 2) };
  const axes = horizontal
    ? lying(plot, plan, shape, layout, fitted)
    : standing(plot, plan, shape, layout, fitted);
  return { width, height, color: { type: 'identity' }, ...axes };
}

function lying(
  plot: PlotLibrary,
  plan: PlotPlan,
  shape: PlotShape,
  layout: ChartLayout,
  names: ChartNames,
): PlotOptions {
  const ticks = Math.max(2, Math.round(layout.width / 150));
  const room = amountWidth(plan);
  const amount = { color: palette.text, tickSize: 0, ticks, tickFormat: axisLabels(...shape.y) };
  return {
    marginRight: 16,
    x: {
      domain: shape.y,
      nice: ticks,
      insetRight: shape.y[1] > 0 ? room : 0,
      insetLeft: shape.y[0] < 0 ? room : 0,
    },
    y: { domain: shape.x, reverse: true },
    marks: [
      plot.gridX({ ...grid, ticks }),
      plot.axisX({ ...amount, label: `${names.y} →`, labelArrow: 'none', labelAnchor: 'right' }),
      plot.axisY({
        ...placeTicks(plan, shape, layout),
        label: names.x,
        labelArrow: 'none',
        labelAnchor: 'top',
      }),
      ...chartMarks(plot, plan, shape, layout),
      plot.ruleX([0], { stroke: palette.axis }),
    ],
  };
}

/** Room for the amount that stands at the end of a lying bar. */
function amountWidth({ points }: PlotPlan): number {
  return 8 + points.reduce((most, { y }) => Math.max(most, textWidth(numberLabel(y), TICK_SIZE - 1)), 0);
}

function standing(
  plot: PlotLibrary,
  plan: PlotPlan,
  shape: PlotShape,
  layout: ChartLayout,
  names: ChartNames,
): PlotOptions {
  const ticks = Math.max(2, Math.round(layout.height / 60));
  const amount = { color: palette.text, tickSize: 0, ticks, tickFormat: axisLabels(...shape.y) };
  const place = { ...placeTicks(plan, shape, layout), ...(layout.slanted ? { tickRotate: -45 } : {}) };
  const zero = shape.y[0] <= 0 && shape.y[1] >= 0 ? [0] : [];
  const time = { type: 'utc' as const, domain: shape.x.map((ms) => new Date(ms)) };
  return {
    marginRight: 16,
    x: plan.axis === 'time' ? time : { domain: shape.x },
    y: { domain: shape.y, nice: ticks },
    marks: [
      plot.gridY({ ...grid, ticks }),
      plot.axisY({ ...amount, label: `↑ ${names.y}`, labelArrow: 'none', labelAnchor: 'top' }),
      plot.axisX({ ...place, label: `${names.x} →`, labelArrow: 'none', labelAnchor: 'right' }),
      plot.ruleY(zero, { stroke: palette.axis }),
      ...chartMarks(plot, plan, shape, layout),
    ],
  };
}

/** Names stand at whole numbers; time and numbers have ticks of their own. */
function placeTicks({ axis, names }: PlotPlan, { x }: PlotShape, { width, slanted }: ChartLayout) {
  const ticks = Math.max(2, Math.round(width / 90));
  if (axis === 'time') return { color: palette.text, ticks };
  if (axis === 'number') return { color: palette.text, ticks, tickFormat: axisLabels(...x) };
  const longest = Math.min(slanted ? LONGEST_SLANTED : LONGEST_NAME, width * 0.42);
  return {
    color: palette.text,
    tickSize: 0,
    ticks: names.map((_name, index) => index),
    tickFormat: (index: number) => fitText(names[index] ?? '', TICK_SIZE, longest),
  };
}
