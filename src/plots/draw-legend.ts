import { palette } from './palette.ts';
import type { PlotPlan } from './plan-plot.ts';
import { seriesColor } from './series-color.ts';
import { type SvgDocument, type SvgNode, svgElement } from './svg-document.ts';
import { fitText, textWidth } from './text-width.ts';

export interface Legend {
  readonly nodes: readonly SvgNode[];
  /** Pixels. */
  readonly height: number;
}

const SIZE = 12;
const LINE = 20;

/** A swatch and a name for each series, in as many lines as they need, from `left`, 0 on. */
export function drawLegend(document: SvgDocument, plan: PlotPlan, left: number, right: number): Legend {
  const color = seriesColor(plan);
  const entries = plan.series.map((name) => ({ name, fill: color(name) }));
  if (plan.otherSeries > 0) entries.push({ name: `${plan.otherSeries} others`, fill: palette.other });
  let [x, y] = [left, 0];
  const nodes = entries.flatMap(({ name, fill }) => {
    const text = fitText(name, SIZE, Math.min(220, right - left - 18));
    const width = 18 + textWidth(text, SIZE) + 16;
    if (x > left && x + width - 16 > right) [x, y] = [left, y + LINE];
    const swatch = svgElement(document, 'rect', { x, y: y + 3, width: 12, height: 12, rx: 2, fill });
    const label = { x: x + 18, y: y + 13.5, 'font-size': SIZE, fill: palette.text };
    x += Math.ceil(width);
    return [swatch, svgElement(document, 'text', label, text)];
  });
  return { nodes, height: y + LINE };
}
