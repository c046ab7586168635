import { describe, expect, it, test } from 'vitest';
import { hasCode } from '../../src/contracts/millwright-error.ts';
import type { PlotRequest } from '../../src/plots/plot-request.ts';
import { renderSvg } from '../../src/plots/render-svg.ts';
import { svgParts, tickLabels } from './svg-parts.ts';

const spend: PlotRequest = {
  title: 'Spend',
  rows: ['2026-01-01', '2026-01-02', '2026-01-03'].flatMap((day, index) => [
    { day, cost_usd: index + 1, tier: 'brain' },
    { day, cost_usd: 2 * index, tier: 'sub' },
  ]),
  x: 'day',
  y: 'cost_usd',
  color: 'tier',
};

const hostile = '<script>alert("1")</script> & \u0000\u0008\ud800]]>';

describe('a picture', () => {
  it('is a file of its own: namespace, size, paper, font.', async () => {
    const svg = await renderSvg({ ...spend, width: 640, height: 400 });
    const find = svgParts(svg);
    const [root] = find('svg');
    expect(root?.getAttribute('xmlns')).toBe('http://www.w3.org/2000/svg');
    expect(['width', 'height', 'viewBox'].map((name) => root?.getAttribute(name))).toEqual([
      '640',
      '400',
      '0 0 640 400',
    ]);
    expect(root?.getAttribute('font-family')).toBe("'DejaVu Sans', sans-serif");
    expect(find('svg > rect').map((rect) => rect.getAttribute('fill'))).toEqual(['#ffffff']);
    expect(svg).not.toMatch(/currentColor|<style|system-ui|NaN|undefined/);
    expect(svg.endsWith('</svg>\n')).toBe(true);
  });

  it('has a line and a swatch for each series, in one colour.', async () => {
    const find = svgParts(await renderSvg(spend));
    const lines = find('[aria-label="line"] path').map((path) => path.getAttribute('stroke'));
    const swatches = find('rect[rx]').map((rect) => rect.getAttribute('fill'));
    expect(new Set(lines)).toEqual(new Set(['#0072b2', '#d55e00']));
    expect(swatches).toEqual(['#0072b2', '#d55e00']);
    const texts = find('text').map(({ textContent }) => textContent);
    expect(texts).toEqual(expect.arrayContaining(['Spend', 'brain', 'sub', '↑ cost_usd', 'day →']));
  });

  it('has bars in the order of the rows, side by side when they have colours.', async () => {
    const rows = ['z', 'a', 'm'].flatMap((name) => [
      { name, n: 3, kind: 'one' },
      { name, n: -1, kind: 'two' },
    ]);
    const svg = await renderSvg({ rows, x: 'name', y: 'n', color: 'kind' });
    expect(tickLabels(svg, 'x')).toEqual(['z', 'a', 'm']);
    const bars = svgParts(svg)('[aria-label="rect"] rect');
    const lefts = bars.map((bar) => Number(bar.getAttribute('x')));
    expect(lefts).toEqual(lefts.toSorted((a, b) => a - b));
    expect(new Set(lefts).size).toBe(6);
  });

  it('turns its bars when names are long, and cuts those that are too long.', async () => {
    const rows = ['different_positioning', 'n'.repeat(400), 'bold'].flatMap((name) => ({ name, n: 1234 }));
    const svg = await renderSvg({ rows, x: 'name', y: 'n', width: 400 });
    const labels = tickLabels(svg, 'y');
    expect(labels[0]).toBe('different_positioning');
    expect(labels[1]).toMatch(/^n{10,40}…$/);
    expect(svg).toContain(`<title>${'n'.repeat(400)} · 1234</title>`);
  });

  it('says below what it leaves out.', async () => {
    const svg = await renderSvg({ ...spend, rows: [...spend.rows, { day: null, cost_usd: 1 }] });
    expect(svg).toContain('1 of 7 rows left out: they have no value of day or cost_usd.');
  });

  test.each<[string, Partial<PlotRequest>]>([
    ['a title', { title: hostile }],
    ['a name', { rows: [{ day: hostile, cost_usd: 1, tier: 'x' }] }],
    ['a series', { rows: [{ day: '2026-01-01', cost_usd: 1, tier: hostile }] }],
    ['a column', { rows: [{ [hostile]: 'a', cost_usd: 1, tier: 'x' }], x: hostile }],
    ['a colour that looks like one', { rows: [{ day: 'a', cost_usd: 1, tier: '"red' }] }],
  ])('keeps %s text, whatever it holds.', async (_what, change) => {
    const svg = await renderSvg({ ...spend, ...change });
    expect(svgParts(svg)('script')).toEqual([]);
    expect(svg).not.toContain('<script');
    expect(svg).not.toContain('\u0000');
    if (!svg.includes('"red')) expect(svg).toContain('&lt;script&gt;alert(');
  });

  it('has the same bytes each time.', async () => {
    const [first, second] = [await renderSvg(spend), await renderSvg(structuredClone(spend))];
    expect(second).toBe(first);
  });

  it('stays small however many points there are, and keeps their extremes.', async () => {
    const rows = Array.from({ length: 30_000 }, (_, index) => ({
      at: index,
      n: index === 12_345 ? 900 : index % 100,
    }));
    const line = await renderSvg({ rows, x: 'at', y: 'n', mark: 'line' });
    const dots = await renderSvg({ rows, x: 'at', y: 'n' });
    expect(Math.max(line.length, dots.length)).toBeLessThan(500_000);
    const tops = svgParts(dots)('circle').map((dot) => Number(dot.getAttribute('cy')));
    const [highest, next] = tops.toSorted((a, b) => a - b);
    expect((next ?? 0) - (highest ?? 0)).toBeGreaterThan(100);
  });

  test.each([{ width: 10 }, { width: 300.5 }, { height: 9000 }, { height: Number.NaN }])(
    'of the size %o is refused.',
    async (size) => {
      const error = await renderSvg({ ...spend, ...size }).catch((caught: unknown) => caught);
      expect(hasCode(error, 'plot-bad-size')).toBe(true);
    },
  );
});
