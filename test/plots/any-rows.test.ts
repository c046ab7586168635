import { Resvg } from '@resvg/resvg-js';
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { MillwrightError } from '../../src/contracts/millwright-error.ts';
import { displayWidth } from '../../src/plots/display-width.ts';
import type { PlotRequest } from '../../src/plots/plot-request.ts';
import { renderSvg } from '../../src/plots/render-svg.ts';
import { terminalPlot } from '../../src/plots/terminal-plot.ts';

const number = fc.oneof(fc.double(), fc.integer(), fc.bigInt(), fc.constantFrom(1e100, -1e100, 5e-324, -0));
const time = fc.oneof(
  fc.date({ noInvalidDate: false }),
  fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }).map((date) => date.toISOString()),
);
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('<script>', ']]>', '&#0;', '\ud800', '\uffff'),
);
const value = fc.oneof(number, time, text, fc.constantFrom(null, undefined, true), fc.anything());

/** Columns of one kind, as queries give them, and columns of everything. */
const kindOfColumn = fc.constantFrom(number, time, text, value);
const requests: fc.Arbitrary<PlotRequest> = fc
  .tuple(kindOfColumn, fc.constantFrom(number, number, number, value), kindOfColumn)
  .chain(([x, y, color]) =>
    fc.record({
      rows: fc.array(fc.record({ x, y, c: color }, { requiredKeys: [] }), { maxLength: 30 }),
      x: fc.constant('x'),
      y: fc.constant('y'),
      ...{ width: fc.integer({ min: 200, max: 1000 }), height: fc.integer({ min: 120, max: 900 }) },
      mark: fc.constantFrom('bar' as const, 'line' as const, 'dot' as const),
      color: fc.constant('c'),
      title: text,
    }),
  );

function unlessExplained(error: unknown): void {
  if (!(error instanceof MillwrightError)) throw error;
}

describe('any rows', () => {
  it('give a picture that is XML without a hole, or a failure that is explained.', async () => {
    await fc.assert(
      fc.asyncProperty(requests, fc.boolean(), async ({ mark, color, ...request }, chosen) => {
        const full = chosen ? { ...request, mark, color } : request;
        const svg = await renderSvg(full as PlotRequest).catch(unlessExplained);
        if (svg === undefined) return;
        // Strict XML; it also refuses a picture without a size.
        new Resvg(svg, { font: { loadSystemFonts: false } });
        if (/="[^"]*(?:NaN|Infinity|undefined)/.test(svg.replace(/aria-label="[^"]*"/g, '')))
          throw new Error(svg);
      }),
      { numRuns: 150 },
    );
  });

  it('give lines that fit a terminal, or a failure that is explained.', () => {
    fc.assert(
      fc.property(requests, fc.integer({ min: 30, max: 200 }), (request, columns) => {
        try {
          const widths = terminalPlot(request, columns).split('\n').map(displayWidth);
          return widths.every((width) => width <= columns);
        } catch (error) {
          unlessExplained(error);
          return true;
        }
      }),
      { numRuns: 300 },
    );
  });
});
