import { describe, expect, it, test } from 'vitest';
import { MillwrightError } from '../../src/contracts/millwright-error.ts';
import { planPlot } from '../../src/plots/plan-plot.ts';
import type { PlotRequest } from '../../src/plots/plot-request.ts';

function numbered(count: number, row: (index: number) => Record<string, unknown>): Record<string, unknown>[] {
  return Array.from({ length: count }, (_, index) => row(index));
}

function failure(request: PlotRequest): MillwrightError {
  try {
    planPlot(request);
  } catch (error) {
    if (error instanceof MillwrightError) return error;
    throw error;
  }
  throw new Error('expected a failure');
}

describe('the plan of a plot', () => {
  test.each<[string, unknown, string, string]>([
    ['a date', new Date(0), 'time', 'line'],
    ['ISO text', '2026-01-02', 'time', 'line'],
    ['a number', 3, 'number', 'dot'],
    ['a big integer', 3n, 'number', 'dot'],
    ['text', 'scout', 'text', 'bar'],
    ['text of digits', '007', 'text', 'bar'],
    ['a boolean', true, 'text', 'bar'],
  ])('for an x of %s draws by its kind.', (_what, x, axis, mark) => {
    expect(planPlot({ rows: [{ x, y: 1 }], x: 'x', y: 'y' })).toMatchObject({ axis, mark });
  });

  it('takes a mixed x for text, in the order of the rows.', () => {
    const rows = ['2026-01-02', 'later', 5].map((x) => ({ x, y: 1 }));
    expect(planPlot({ rows, x: 'x', y: 'y' }).names).toEqual(['2026-01-02', 'later', '5']);
  });

  it('draws the mark that is asked for.', () => {
    const rows = [{ x: 'a', y: 1 }];
    expect(planPlot({ rows, x: 'x', y: 'y', mark: 'dot' }).mark).toBe('dot');
  });

  it('leaves out what has no value, and says how much.', () => {
    const rows = [
      { x: 'a', y: 1 },
      { x: null, y: 2 },
      { x: 'b', y: null },
      { x: 'c', y: Number.NaN },
      { y: 4 },
    ];
    const { points, notes } = planPlot({ rows, x: 'x', y: 'y' });
    expect(points).toEqual([{ x: 'a', y: 1, series: '' }]);
    expect(notes).toEqual(['4 of 5 rows left out: they have no value of x or y.']);
  });

  it('adds up bars that would hide one another, and says so.', () => {
    const rows = [
      { x: 'a', y: 1 },
      { x: 'a', y: 2n },
      { x: 'b', y: '3.5' },
    ];
    const { points, notes } = planPlot({ rows, x: 'x', y: 'y' });
    expect(points.map(({ y }) => y)).toEqual([3, 3.5]);
    expect(notes).toEqual(['Bars are sums of y: several rows share a value of x.']);
  });

  it('shows the first 50 names, and says how many there are.', () => {
    const rows = numbered(73, (index) => ({ x: `name ${index}`, y: index }));
    const { names, points, notes } = planPlot({ rows, x: 'x', y: 'y' });
    expect([names.length, points.length, names.at(-1)]).toEqual([50, 50, 'name 49']);
    expect(notes).toEqual(['The first 50 of 73 values of x; order or group the rows to choose.']);
  });

  it('gives eight series a colour; other dots are grey, other bars left out.', () => {
    const rows = numbered(11, (index) => ({ x: index, y: index, c: `c${index}` }));
    const dots = planPlot({ rows, x: 'x', y: 'y', color: 'c' });
    expect([dots.series.length, dots.otherSeries, dots.points.length, dots.notes]).toEqual([8, 3, 11, []]);
    const bars = planPlot({ rows, x: 'x', y: 'y', color: 'c', mark: 'bar' });
    expect([bars.series.length, bars.otherSeries, bars.points.length]).toEqual([8, 0, 8]);
    expect(bars.notes).toEqual(['The first 8 of 11 values of c; order or group the rows to choose.']);
  });

  it('sorts a line by time and keeps rows of one time in their order.', () => {
    const rows = ['2026-01-03', '2026-01-01', '2026-01-02', '2026-01-01'].map((x, y) => ({ x, y }));
    const { points, notes } = planPlot({ rows, x: 'x', y: 'y' });
    expect(points.map(({ y }) => y)).toEqual([1, 3, 2, 0]);
    expect(notes).toEqual(['Several rows share a value of x: the line goes through all of them.']);
  });

  it('draws a line where bars of numbers could not be told apart.', () => {
    const rows = numbered(301, (x) => ({ x, y: x }));
    const { mark, notes } = planPlot({ rows, x: 'x', y: 'y', mark: 'bar' });
    expect([mark, notes]).toEqual(['line', ['301 bars could not be told apart: they are drawn as a line.']]);
    expect(planPlot({ rows: rows.slice(1), x: 'x', y: 'y', mark: 'bar' }).mark).toBe('bar');
  });

  it('names series without a value, and takes the control out of text.', () => {
    const rows = [null, '', 'a\u001b[31m\nb\u202e\ud800'].map((c, x) => ({ x, y: 1, c }));
    expect(planPlot({ rows, x: 'x', y: 'y', color: 'c' }).series).toEqual([
      '(none)',
      '(empty)',
      'a [31m b\ufffd',
    ]);
  });
});

describe('a plot that cannot be drawn', () => {
  it('names the column that is nearest, and all of them.', () => {
    const error = failure({ rows: [{ persona: 'a', cost_usd: 1 }], x: 'persona', y: 'cost_us' });
    expect(error.code).toBe('plot-no-column');
    expect(error.message).toContain('--y names the column "cost_us"');
    expect(error.hint).toBe('did you mean "cost_usd"? The columns are persona, cost_usd.');
    expect(error.data).toMatchObject({ role: 'y', name: 'cost_us', near: 'cost_usd' });
  });

  it('says where y holds no number, and which columns do.', () => {
    const rows = [
      { x: 'a', y: 1, n: 2, m: 3n },
      { x: 'b', y: 'much', n: null, m: 4n },
    ];
    const error = failure({ rows, x: 'x', y: 'y' });
    expect(error.code).toBe('plot-not-numeric');
    expect(error.message).toBe('--y needs numbers, but "y" is "much" in row 2.');
    expect(error.hint).toBe('columns with numbers: n, m');
  });

  test.each<[string, PlotRequest['rows']]>([
    ['there are no rows', []],
    [
      'no row has both values',
      [
        { x: 1, y: null },
        { x: null, y: 2 },
      ],
    ],
  ])('says that %s.', (_what, rows) => {
    expect(failure({ rows, x: 'x', y: 'y' }).code).toBe('plot-no-rows');
  });

  test('shows no empty place for a name whose series has no colour left.', () => {
    const rows = Array.from({ length: 60 }, (_, at) => ({ name: `n${at}`, n: at, series: `s${at}` }));
    const { names, points, series } = planPlot({ rows, x: 'name', y: 'n', color: 'series' });
    expect(names).toEqual(points.map(({ x }) => x));
    expect(names).toHaveLength(series.length);
  });
});
