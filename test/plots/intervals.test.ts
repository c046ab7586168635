import { describe, expect, test } from 'vitest';
import { hasCode } from '../../src/contracts/millwright-error.ts';
import { planPlot } from '../../src/plots/plan-plot.ts';
import type { PlotRequest } from '../../src/plots/plot-request.ts';
import { plotShape } from '../../src/plots/plot-shape.ts';
import { renderSvg } from '../../src/plots/render-svg.ts';
import { svgParts } from './svg-parts.ts';

const rows = [
  { version: '1.0.0', rate: 50, low: 40, high: 62 },
  { version: '1.1.0', rate: 70, low: 55, high: 130 },
  { version: '1.2.0', rate: 60, low: null, high: 61 },
];
const request: PlotRequest = { rows, x: 'version', y: 'rate', low: 'low', high: 'high', mark: 'dot' };

/** The upright lines with a title or a stroke of a series: those of the grid and the axis are grey. */
const linesOf = (svg: string, role: string) => svgParts(svg)(`[aria-label="${role}"] line`);

describe('the interval of a point', () => {
  test('is a line from bound to bound, for points that have both bounds.', async () => {
    const lines = linesOf(await renderSvg(request), 'rule').filter(
      (line) => line.getAttribute('x1') !== null,
    );
    const upright = lines.filter((line) => line.getAttribute('x1') === line.getAttribute('x2'));
    expect(upright).toHaveLength(2);
    const heights = upright.map((line) => Number(line.getAttribute('y1')) - Number(line.getAttribute('y2')));
    expect((heights[1] ?? 0) / (heights[0] ?? 1)).toBeCloseTo((130 - 55) / (62 - 40), 5);
  });

  test('has room on the axis.', () => {
    expect(plotShape(planPlot(request)).y[1]).toBe(130);
    expect(plotShape(planPlot({ rows, x: 'version', y: 'rate', mark: 'dot' })).y[1]).toBe(70);
  });

  test("is nobody's where bars are sums of several rows.", () => {
    const twice = [...rows.slice(0, 1), ...rows.slice(0, 1)];
    expect(planPlot({ ...request, rows: twice, mark: 'bar' }).points).toEqual([
      { x: '1.0.0', y: 100, series: '' },
    ]);
    expect(planPlot({ ...request, mark: 'bar' }).points[0]).toMatchObject({ bounds: [40, 62] });
  });

  test('wants columns that exist.', () => {
    const wrong = () => planPlot({ ...request, low: 'lwo' });
    expect(wrong).toThrow(expect.toSatisfy((error: unknown) => hasCode(error, 'plot-no-column')));
  });
});
