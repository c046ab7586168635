import { describe, expect, it, test } from 'vitest';
import { displayWidth } from '../../src/plots/display-width.ts';
import { padToWidth } from '../../src/plots/pad-to-width.ts';
import type { PlotRequest } from '../../src/plots/plot-request.ts';
import { terminalPlot } from '../../src/plots/terminal-plot.ts';

function plot(rows: PlotRequest['rows'], columns: number, more: Partial<PlotRequest> = {}): string[] {
  return terminalPlot({ rows, x: 'x', y: 'y', ...more }, columns).split('\n');
}

describe('a plot on a terminal', () => {
  it('is a labelled bar for each text, the greatest to the edge.', () => {
    const rows = [
      { x: 'bold', y: 8 },
      { x: 'combination', y: 4 },
      { x: 'none', y: 0 },
    ];
    expect(plot(rows, 30)).toEqual([
      'y by x',
      'bold       8 █████████████████',
      'combinati… 4 ████████▌',
      'none       0',
    ]);
  });

  it('grows to the left below zero.', () => {
    const rows = [
      { x: 'up', y: 10 },
      { x: 'down', y: -5 },
    ];
    expect(plot(rows, 30)).toEqual([
      'y by x',
      `up   10 ${' '.repeat(7)}${'█'.repeat(15)}`,
      `down -5 ${'█'.repeat(7)}`,
    ]);
  });

  it('is a sparkline for each series of a time, with its figures.', () => {
    const rows = [1, 2, 3].flatMap((day) => [
      { x: `2026-01-0${day}`, y: day, c: 'brain' },
      { x: `2026-01-0${day}`, y: 40 - 10 * day, c: 'sub' },
    ]);
    expect(plot(rows, 80, { color: 'c', title: 'Spend' })).toEqual([
      'Spend',
      'y by x, 2026-01-01 to 2026-01-03',
      'brain ▁▅█  min  1  max  3  last  3',
      'sub   █▅▁  min 10  max 30  last 10',
    ]);
  });

  it('puts the figures below where it is narrow.', () => {
    const rows = [
      { x: 1, y: 1234.5 },
      { x: 2, y: -7 },
    ];
    expect(plot(rows, 20)).toEqual(['y by x, 1 to 2', '█▁', 'min -7  max 1235  last -7']);
  });

  test.each([30, 41, 80, 200])('has no line above %i columns, in any writing.', (columns) => {
    const names = [
      '日本語のとても長いラベル',
      'e\u0301'.repeat(60),
      '🚀🚀🚀',
      'x\u001b[31mred\u0007',
      'plain',
    ];
    const rows = names.flatMap((x, index) => [
      { x, t: index, y: index - 2.345, c: names[index % 3] },
      { x, t: index + 0.5, y: null, c: null },
    ]);
    for (const more of [
      {},
      { color: 'c' },
      { x: 't', color: 'c' },
      { x: 't' },
      { x: 't', mark: 'bar' as const },
    ]) {
      const lines = plot(rows, columns, { title: names.join(' '), ...more });
      expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(columns);
      expect(lines.join('')).not.toMatch(/\p{Cc}/u);
    }
  });
});

describe('the width of a text', () => {
  test.each([
    ['abc', 3],
    ['日本', 4],
    ['e\u0301', 1],
    ['🚀', 2],
  ])('%s is %i columns.', (text, columns) => {
    expect(displayWidth(text)).toBe(columns);
  });

  test.each([
    ['abc', 5, 'abc  '],
    ['abcdef', 4, 'abc…'],
    ['日本語', 4, '日… '],
    ['abc', 0, ''],
  ])('%s in %i columns is "%s".', (text, columns, expected) => {
    expect(padToWidth(text, columns)).toBe(expected);
  });
});
