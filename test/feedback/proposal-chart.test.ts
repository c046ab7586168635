import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../src/contracts/recommendation.ts';
import { proposalChart } from '../../src/feedback/proposal-chart.ts';

function compared(domain: string | null, now: [number, number], proposed: [number, number]): Evidence {
  const arm = (name: string, [accepted, n]: [number, number]) => ({ arm: name, accepted, n, cost_usd: null });
  return { statement: 's', record_ids: [], domain, arms: [arm('a', now), arm('b', proposed)] };
}

describe('the chart of a proposal', () => {
  const tables = [compared('django/django', [137, 231], [162, 231]), compared(null, [3, 10], [9, 10])];

  test('shows every domain with both rates and their intervals, as an image of its own.', async () => {
    const svg = (await proposalChart(tables)) ?? '';
    expect(svg.startsWith('<svg')).toBe(true);
    for (const words of ['django/django', 'everything else', 'now', 'proposed', '95 % intervals'])
      expect(svg).toContain(words);
    expect(svg).not.toMatch(/<script|<style|href=/);
    expect(svg.match(/<rect/g)?.length ?? 0).toBeGreaterThanOrEqual(4);
  });

  test('is the same bytes for the same evidence, and others for another.', async () => {
    const again = structuredClone(tables);
    expect(await proposalChart(again)).toBe(await proposalChart(tables));
    const other = [compared('django/django', [138, 231], [162, 231])];
    expect(await proposalChart(other)).not.toBe(await proposalChart(tables.slice(0, 1)));
  });

  test('shows two comparisons of one domain side by side, not added up.', async () => {
    const svg = (await proposalChart([...tables.slice(0, 1), ...tables.slice(0, 1)])) ?? '';
    expect(svg).toContain('django/django (2)');
    expect(svg).not.toContain('sums of');
  });

  test('has nothing of an arm without runs, or with more successes than runs.', async () => {
    expect(await proposalChart([compared('a', [0, 0], [3, 2])])).toBeUndefined();
    expect(await proposalChart([])).toBeUndefined();
    const half = (await proposalChart([compared('a', [0, 0], [1, 2])])) ?? '';
    expect(half).toContain('proposed');
    expect(half).not.toContain('>now<');
  });

  test('shows the name of a domain as text, whatever it is.', async () => {
    const svg = (await proposalChart([compared('<script>x</script>"&\u0007\u202e', [1, 2], [2, 2])])) ?? '';
    expect(svg).not.toContain('<script>');
    for (const hidden of ['\u0007', '\u202e']) expect(svg).not.toContain(hidden);
  });
});
