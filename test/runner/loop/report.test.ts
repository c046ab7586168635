import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { kindNames } from '../../../src/contracts/kinds.ts';
import type { Records } from '../../history/memory-history.ts';
import { svgParts } from '../../plots/svg-parts.ts';
import { reportOf } from './report-of.ts';
import { sampleWeek } from './sample-week.ts';

describe('the report of a week', () => {
  test('says what came in, was found, proposed, measured, spent, went wrong and waits.', async () => {
    const { text, charts } = await reportOf(sampleWeek());
    await expect(text).toMatchFileSnapshot('fixtures/sample-week.txt');
    expect(charts.map(({ path }) => path)).toEqual([
      '2026-W47/success-by-week.svg',
      '2026-W47/records-by-kind.svg',
      '2026-W47/effects.svg',
      '2026-W47/cost-by-week.svg',
    ]);
    for (const { path, alt } of charts) expect(text).toContain(`![${alt}](${path})`);
  });

  test('has pictures that are SVG, say what they show, and hold nothing that runs.', async () => {
    const { charts } = await reportOf(sampleWeek());
    for (const { svg } of charts) {
      expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
      expect(svg).not.toMatch(/<script|<foreignObject|<image|href=|\son\w+=|javascript:|<style/i);
      expect(svgParts(svg)('svg')[0]?.getAttribute('aria-label')).toMatch(/\w/);
    }
    const effects = charts.find(({ path }) => path.endsWith('effects.svg'))?.svg ?? '';
    expect(svgParts(effects)('circle')).toHaveLength(4);
    expect(svgParts(effects)('title').filter(({ textContent }) => textContent.includes(' to '))).toHaveLength(
      2,
    );
  });

  test('is the same for the same history, in whatever order its records were written.', async () => {
    const turned = Object.fromEntries(
      Object.entries(sampleWeek()).map(([kind, some]) => [
        kind,
        some.map((record, n) => ({ id: `${kind}-${String(n).padStart(3, '0')}`, ...record })).reverse(),
      ]),
    );
    expect(await reportOf(turned)).toEqual(await reportOf(sampleWeek()));
  });

  test('of a week in which nothing happened, and of an empty workspace, is short and reads well.', async () => {
    const empty = await reportOf({});
    await expect(empty.text).toMatchFileSnapshot('fixtures/empty-week.txt');
    expect(empty.charts).toEqual([]);
    const later = await reportOf(sampleWeek(), '2026-W48');
    expect(later.text).toMatch(/Nothing came in\. The week before, \d+ records did\./);
    expect(later.text).toContain('Nothing was proposed, and nothing was decided.');
  });

  test('counts every kind but those that runners write about their own work.', async () => {
    const sql = await readFile('src/runner/loop/queries/records_by_kind.sql', 'utf8');
    const counted = [...sql.matchAll(/FROM (\w+)$/gm)].map((match) => match[1]);
    const own = ['pass', 'analysis_run', 'schedule_run', 'llm_batch'];
    const all = new Set([...counted.filter((name) => name !== 'happened'), ...own]);
    expect(all).toEqual(new Set(kindNames()));
  });
});

const HOSTILE = [
  'a | b | c\n\n# Heading\n\n- item\n`code` **bold** $math$ @everyone closes #2 ',
  '<script>alert(1)</script><img src=x onerror=alert(1)>\u202e\u0000\u001b[31m',
  '![x](https://evil.invalid/x.png) [y](javascript:alert(1)) ```\n```mermaid\n',
  '</text></svg><script>alert(1)</script>',
];

describe('hostile words in records', () => {
  test.each(HOSTILE)('%j stay words in every place of a report.', async (words) => {
    const { text, charts } = await reportOf(poisoned(words));
    const calm = await reportOf(sampleWeek());
    const shape = (markdown: string) =>
      markdown.split('\n').map((line) => [line.match(/^[#|!>]+|^ *(?:-|>)/)?.[0] ?? '', cells(line)]);
    expect(shape(text)).toEqual(shape(calm.text));
    expect(text).not.toMatch(/<(?!\/?$)|[\p{Cc}\u202e](?<!\n)/u);
    for (const [, target] of text.matchAll(/(?<!\\)\]\(([^)]*)\)/g))
      expect(target).toMatch(/^2026-W47\/[\w-]+\.svg$/);
    for (const { svg } of charts) {
      expect(svg).not.toMatch(/<script|<img|<foreignObject|\p{Cc}(?<!\n)/u);
      expect(svgParts(svg)('svg')).toHaveLength(1);
    }
  });
});

/** Cells of a row of a table: what stands between pipes that are not escaped. */
function cells(line: string): number {
  return line.startsWith('|') ? line.split(/(?<!\\)\|/).length : 0;
}

/** Words of people, agents and models, wherever a record holds them; ids, versions and enums stay what they are. */
function poisoned(words: string): Records {
  const spoiled = new Set(['title', 'decided_by', 'reason', 'model', 'statement', 'text', 'domain', 'error']);
  const spoil = (value: unknown, key = ''): unknown => {
    if (Array.isArray(value)) return value.map((one) => spoil(one));
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, spoil(member, name)]));
    return spoiled.has(key) && typeof value === 'string' ? `${words}${value}` : value;
  };
  const records = spoil(sampleWeek()) as Record<string, Record<string, unknown>[]>;
  const outcomes = (records.outcome ?? []).map((record) =>
    record.persona_id === 'frontend' ? { ...record, persona_id: `${words}frontend` } : record,
  );
  return { ...records, outcome: outcomes };
}
