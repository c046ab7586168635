import { describe, expect, it } from 'vitest';
import { renderPng } from '../../src/plots/render-png.ts';
import { renderSvg } from '../../src/plots/render-svg.ts';

const plot = { rows: [{ x: 'a', y: 1 }], x: 'x', y: 'y', width: 300, height: 200 };

describe('a PNG', () => {
  it('is twice the size of its SVG.', async () => {
    const png = Buffer.from(await renderPng(await renderSvg(plot)));
    expect(png.subarray(0, 8).toString('hex')).toBe('89504e470d0a1a0a');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([600, 400]);
  });

  it('has the same bytes each time, and others when only a letter differs: text is drawn.', async () => {
    const first = Buffer.from(await renderPng(await renderSvg(plot)));
    const again = Buffer.from(await renderPng(await renderSvg(plot)));
    const other = Buffer.from(await renderPng(await renderSvg({ ...plot, rows: [{ x: 'b', y: 1 }] })));
    expect(again.equals(first)).toBe(true);
    expect(other.equals(first)).toBe(false);
  });
});
