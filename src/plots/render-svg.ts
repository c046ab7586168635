import { MillwrightError } from '../contracts/millwright-error.ts';
import { chartLayout, TICK_SIZE } from './chart-layout.ts';
import { cleanText } from './clean-text.ts';
import { drawChart } from './draw-chart.ts';
import { drawLegend } from './draw-legend.ts';
import { drawTextLines } from './draw-text-lines.ts';
import { palette } from './palette.ts';
import { type PlotPlan, planPlot } from './plan-plot.ts';
import type { PlotRequest } from './plot-request.ts';
import { plotShape } from './plot-shape.ts';
import { createSvgDocument, type SvgDocument, type SvgNode, svgElement } from './svg-document.ts';
import { thinPoints } from './thin-points.ts';

const WIDTH = 720;
const EDGE = 16;
/** The library keeps 3 pixels between the edge of a chart and the name of its axis: with them, all starts in one line. */
const CHART_LEFT = EDGE - 3;

interface Block {
  readonly nodes: readonly SvgNode[];
  readonly height: number;
}

/**
 * The rows as a standalone SVG file: its own paper and colours, its legend inside, text as text. The same request
 * always gives the same bytes. Fails with `plot-no-rows`, `plot-no-column`, `plot-not-numeric` or `plot-bad-size`.
 */
export async function renderSvg(request: PlotRequest): Promise<string> {
  checkSize('width', request.width, 200, 4000);
  checkSize('height', request.height, 120, 8000);
  const plan = planPlot(request);
  const document = await createSvgDocument();
  const width = request.width ?? WIDTH;
  const before = [titleBlock(document, request, width), legendBlock(document, request, plan, width)];
  const after = notesBlock(document, plan, width);
  const around = [...before, after].reduce((sum, { height }) => sum + height, 2 * EDGE);
  const chart = await chartBlock(
    document,
    request,
    plan,
    width,
    request.height === undefined ? undefined : request.height - around,
  );
  return `${page(document, request, width, [...before, chart, after])}\n`;
}

function checkSize(name: string, pixels: number | undefined, least: number, most: number): void {
  if (pixels === undefined || (Number.isInteger(pixels) && pixels >= least && pixels <= most)) return;
  throw new MillwrightError('plot-bad-size', `The ${name} of a picture cannot be ${pixels} pixels.`, {
    hint: `a whole number from ${least} to ${most}`,
    data: { [name]: pixels, least, most },
  });
}

function titleBlock(document: SvgDocument, { title = '' }: PlotRequest, width: number): Block {
  const style = { size: 16, fill: palette.title, bold: true };
  const { nodes, height } = drawTextLines(document, cleanText(title), EDGE, width - 2 * EDGE, style);
  return { nodes, height: nodes.length === 0 ? 0 : height + 6 };
}

function legendBlock(document: SvgDocument, { color }: PlotRequest, plan: PlotPlan, width: number): Block {
  if (color === undefined) return { nodes: [], height: 0 };
  const { nodes, height } = drawLegend(document, plan, EDGE, width - EDGE);
  return { nodes, height: height + 6 };
}

function notesBlock(document: SvgDocument, { notes }: PlotPlan, width: number): Block {
  const style = { size: 11, fill: palette.text };
  const { nodes, height } = drawTextLines(document, notes.join(' '), EDGE, width - 2 * EDGE, style);
  return { nodes, height: nodes.length === 0 ? 0 : height + 6 };
}

async function chartBlock(
  document: SvgDocument,
  { x, y }: PlotRequest,
  plan: PlotPlan,
  width: number,
  wanted: number | undefined,
): Promise<Block> {
  const plot = await import('@observablehq/plot');
  const layout = chartLayout(plan, width - 2 * CHART_LEFT, wanted);
  const shape = thinPoints(plotShape(plan), plan.mark, width * 2, layout.height * 2);
  const names = { x: cleanText(x), y: cleanText(y) };
  const chart = drawChart(plot, document, plan, shape, layout, names);
  for (const style of chart.querySelectorAll('style')) style.remove();
  for (const node of chart.querySelectorAll('*')) explicitColors(node);
  const group = svgElement(document, 'g', {
    transform: `translate(${CHART_LEFT},0)`,
    'text-anchor': 'middle',
    'font-size': TICK_SIZE,
    fill: palette.text,
  });
  group.append(...chart.childNodes);
  return { nodes: [group], height: layout.height };
}

/** `currentColor` follows the page around a picture: on a dark one it would be white on white paper. */
function explicitColors(node: SvgNode): void {
  for (const name of ['fill', 'stroke']) {
    if (node.getAttribute(name) === 'currentColor') node.setAttribute(name, palette.axis);
  }
}

function page(document: SvgDocument, request: PlotRequest, width: number, blocks: readonly Block[]): string {
  const height = Math.ceil(blocks.reduce((sum, block) => sum + block.height, 2 * EDGE));
  const root = document.documentElement;
  const label = cleanText(request.title ?? `${request.y} by ${request.x}`);
  const attributes = {
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    role: 'img',
    'aria-label': label,
    'font-family': "'DejaVu Sans', sans-serif",
  };
  for (const [name, value] of Object.entries(attributes)) root.setAttribute(name, String(value));
  root.append(svgElement(document, 'rect', { width, height, fill: palette.paper }));
  let top = EDGE;
  for (const block of blocks.filter(({ nodes }) => nodes.length > 0)) {
    const group = svgElement(document, 'g', { transform: `translate(0,${top})` });
    group.append(...block.nodes);
    root.append(group);
    top += block.height;
  }
  return root.toString();
}
