import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/contracts/clock.ts';
import { outcome } from '../../../src/contracts/outcome.ts';
import { wilsonInterval } from '../../../src/feedback/statistics/wilson-interval.ts';
import type { PassContext } from '../../../src/ledger/controller.ts';
import { importFile } from '../../../src/ledger/import-file.ts';
import { parseMapping } from '../../../src/ledger/mapping.ts';
import { controllers } from '../../../src/runner/controllers.ts';
import { parseWeek } from '../../../src/runner/loop/iso-week.ts';
import type { ExplainFindings } from '../../../src/runner/loop/loop-controllers.ts';
import { type LoopDone, runLoop } from '../../../src/runner/loop/run-loop.ts';
import { freshWorkspace, inWorkspace } from '../../e2e/prepared-workspace.ts';
import { shipped } from '../../feedback/swe-bench.ts';
import { svgParts } from '../../plots/svg-parts.ts';
import type { GitFolder } from '../../support/git-folder.ts';

const data = (name: string) => fileURLToPath(new URL(`../../../src/cli/demo-data/${name}`, import.meta.url));
const REPORT = 'artifacts/reports/2026-W47.md';

let folder: GitFolder;
let first: LoopDone;
beforeAll(async () => {
  folder = await freshWorkspace();
  await at('2026-11-18T12:00:00.000Z', async ({ workspace, index }) => {
    const rules = parseMapping('swe-bench.map.yaml', await readFile(data('swe-bench.map.yaml')));
    const file = data('swe-bench-verified-outcomes.jsonl');
    const rejectsFile = join(workspace.cache, 'rejected.jsonl');
    await importFile(workspace, index, { file, kind: outcome, rules, rejectsFile });
  });
  first = await loopAt('2026-11-18T13:00:00.000Z', '2026-W47');
});
afterAll(() => folder[Symbol.asyncDispose]());

function at<T>(now: string, work: (context: PassContext) => Promise<T>): Promise<T> {
  return inWorkspace(folder.dir, work, { clock: { ...systemClock, now: () => new Date(now) } });
}

const loopAt = (now: string, week: string, explain?: ExplainFindings) =>
  at(now, (context) =>
    runLoop(context, {
      controllers,
      week: parseWeek(week),
      ...(explain === undefined ? {} : { explain }),
    }),
  );

describe('the loop on the shipped outcomes', () => {
  test('finds, patches, proposes and reports in one go, without any key.', async () => {
    expect(first).toMatchObject({
      week: '2026-W47',
      analysis: { outcomes: 2_000 },
      explanation: null,
      report: REPORT,
    });
    expect(first.analysis.added).toBeGreaterThan(0);
    expect(first.pass).toMatchObject({ failures: [], proposals: [{ result: 'opened' }] });
    expect(first.problem).toBeUndefined();
    expect(await folder.git('status', '--porcelain')).toBe('');
  });

  test('reports the figures that the outcomes have.', async () => {
    const text = await folder.read(REPORT);
    const accepted = shipped.filter(({ resolved }) => resolved).length;
    const { lower, upper } = wilsonInterval(accepted, 2_000, 1.959964);
    const cost = shipped.reduce((sum, one) => sum + one.cost_usd, 0);
    const percent = (share: number) => (100 * share).toFixed(1);
    expect(text).toContain('| outcome | 2,000 | 0 |');
    expect(text).toContain(
      `| solver | 2,000 | ${accepted.toLocaleString('en-US')} | ${percent(accepted / 2_000)} % | ${percent(lower)} to ${percent(upper)} % | $${cost.toFixed(2)} | `,
    );
    expect(text).toContain(`2,000 runs, $${cost.toFixed(2)}.`);
    expect(text).toMatch(
      /\| solver \| 1\.0\.0 to 1\.1\.0 \| route django\/django to sonnet-4-5.* \| open \| \+/,
    );
    expect(text).toMatch(/waits for a reviewer/);
    expect(text).not.toMatch(/2026-11-18T|undefined|NaN|null/);
  });

  test('leaves pictures that the report shows and that a parser reads.', async () => {
    const text = await folder.read(REPORT);
    const shown = [...text.matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map((match) => match[1] ?? '');
    expect(shown).toHaveLength(3);
    for (const path of shown) {
      const svg = await folder.read(`artifacts/reports/${path}`);
      expect(svgParts(svg)('svg')).toHaveLength(1);
      expect(svg).not.toContain('<script');
    }
    expect(first.written).toEqual([REPORT, ...shown.map((path) => `artifacts/reports/${path}`)]);
  });

  test('that has nothing new to say makes no commit, however often it runs.', async () => {
    const tip = await folder.git('rev-parse', 'main');
    const again = await loopAt('2026-11-19T13:00:00.000Z', '2026-W47');
    expect(again).toMatchObject({ written: [], analysis: { added: 0 }, pass: { changed: false } });
    expect(await folder.git('rev-parse', 'main')).toBe(tip);
  });

  test('asks for explanations after the analysis, and brings the report of the week before to its end.', async () => {
    const seen: number[] = [];
    const explain: ExplainFindings = async ({ workspace, index }) => {
      seen.push(await index.count((await workspace.log.tip()).snapshot, 'recommendation'));
      return { explained: 0, drafted: 0, signals: 0, note: 'llm.tiers.brain is not set' };
    };
    const next = await loopAt('2026-11-26T13:00:00.000Z', '2026-W48', explain);
    expect(seen).toEqual([first.analysis.findings]);
    expect(next.explanation).toMatchObject({ note: 'llm.tiers.brain is not set' });
    expect(next.written).toContain('artifacts/reports/2026-W48.md');
    // What waits is a matter of the newest report.
    expect(await folder.read(REPORT)).toContain('What waits now is in the newest report');
    expect(await folder.read('artifacts/reports/2026-W48.md')).toContain('waits for a reviewer');
  });

  test('takes away pictures that a report no longer shows.', async () => {
    await folder.write('artifacts/reports/2026-W48/old.svg', '<svg/>');
    await folder.git('add', '-A');
    await folder.git('commit', '-q', '-m', 'An old picture');
    const again = await loopAt('2026-11-26T14:00:00.000Z', '2026-W48');
    expect(again.written).toEqual(['artifacts/reports/2026-W48/old.svg']);
    expect(await folder.exists('artifacts/reports/2026-W48/old.svg')).toBe(false);
  });
});

describe('a loop that is told to stop', () => {
  test('says so and writes no report.', async () => {
    const tip = await folder.git('rev-parse', 'main');
    const stopped = at('2026-12-10T00:00:00.000Z', (context) =>
      runLoop(context, { controllers, week: parseWeek('2026-W50'), signal: AbortSignal.abort() }),
    );
    await expect(stopped).rejects.toMatchObject({ code: 'interrupted' });
    expect(await folder.git('rev-parse', 'main')).toBe(tip);
  });
});
