import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { describeAnalysis } from '../../src/cli/analyze.ts';
import type { AnalysisRun } from '../../src/contracts/pass.ts';
import type { Recommendation } from '../../src/contracts/recommendation.ts';
import { splitOf } from '../../src/feedback/gate/split-of.ts';
import { recommendationStatuses } from '../../src/feedback/recommendation-status.ts';
import { computeAnalysis, runAnalysis } from '../../src/feedback/run-analysis.ts';
import { workshop } from '../forge/workshop.ts';
import { outcomeLine, segment } from '../history/history-folder.ts';

const DAY_MS = 86_400_000;

type Fields = Readonly<Record<string, unknown>>;

function lines(outcomes: readonly Fields[], prefix = 'r'): string {
  return outcomes
    .map((fields, at) =>
      outcomeLine(`${prefix}-${String(at).padStart(4, '0')}`, { persona_id: 'solver', ...fields }),
    )
    .join('');
}

const many = (count: number, fields: Fields) => Array.from({ length: count }, () => fields);
const shopWith = (outcomes: readonly Fields[], settings = '') =>
  workshop({ settings, files: { [segment(1)]: lines(outcomes) } });

/** Two groups of which one is plainly weak. */
const weak = (persona_id: string, more: Fields = {}) => [
  ...many(30, { persona_id, domain: 'bad', outcome: 'failed', ...more }),
  ...many(70, { persona_id, domain: 'good', outcome: 'accepted', ...more }),
];

describe('an analysis', () => {
  test('of an empty history says that there is nothing, and records nothing.', async () => {
    await using shop = await workshop();
    const done = await shop.run(runAnalysis);
    expect(done).toMatchObject({ added: 0, recorded: false });
    expect(describeAnalysis(done.analysis)).toMatch(/^no outcomes yet\nhint: millwright import/);
    expect((await shop.pass()).changed).toBe(false);
    expect(await shop.records('analysis_run')).toEqual([]);
  });

  test('that finds nothing still prints three lists, and says that nothing is proved by that.', async () => {
    await using shop = await shopWith(many(3, { model: 'm', domain: 'a/b' }));
    const { analysis } = await shop.run(runAnalysis);
    expect(describeAnalysis(analysis)).toBe(
      [
        '3 outcomes from 2026-10-24 to 2026-11-21, 0 comparisons',
        '',
        'Findings (0)',
        '  none that the data supports; that does not mean that there is no problem',
        '',
        'Watch (0): maybe something, not shown yet',
        '',
        'Not enough data (1)',
        '  solver with m in a/b: 3 of 3 accepted (100.0 %): 3, needs 30',
      ].join('\n'),
    );
  });

  test.each<[string, readonly Fields[]]>([
    ['faults of the infrastructure', many(40, { outcome: 'error' })],
    ['lines that nobody can read', many(40, { outcome: 'acepted' })],
    ['work of nobody', many(40, { persona_id: undefined })],
  ])(
    'of nothing but %s finds nothing, is recorded once, and lets passes come to rest.',
    async (_what, outcomes) => {
      await using shop = await shopWith(outcomes);
      const report = await shop.pass();
      expect(report.failures).toEqual([]);
      expect(await shop.records<AnalysisRun>('analysis_run')).toEqual([
        expect.objectContaining({ outcomes: 0, findings: 0, comparisons: 0 }),
      ]);
      expect((await shop.pass()).changed).toBe(false);
    },
  );

  test('names the lines that it could not read.', async () => {
    await using shop = await shopWith([...many(2, {}), { tokens: 'many' }]);
    await shop.run(computeAnalysis);
    expect(shop.warnings).toEqual([expect.stringContaining(`${segment(1)}:3: expected a record`)]);
  });

  test('keeps to the smallest group and the false discovery rate of the settings.', async () => {
    const outcomes = [...many(12, { domain: 'bad', outcome: 'failed' }), ...many(60, { domain: 'good' })];
    const found = async (settings: string) => {
      await using shop = await shopWith(outcomes, settings);
      return (await shop.run(computeAnalysis)).findings.map(({ title }) => title);
    };
    expect(await found('')).toEqual([]);
    const small = 'analysis:\n  min_group: 10\n';
    expect(await found(small)).toEqual([expect.stringContaining(' in bad: 0 of 12 accepted')]);
    expect(await found(`${small}  false_discovery_rate: 0.001\n`)).toHaveLength(1);
    expect(await found('analysis:\n  min_group: 13\n')).toEqual([]);
  });

  test('speaks of agents that cannot be personas of ours, without a target.', async () => {
    await using shop = await shopWith(weak('Some Other Agent'));
    expect((await shop.pass()).failures).toEqual([]);
    const [only] = await shop.records<Recommendation>('recommendation');
    expect(only?.title).toContain('Some Other Agent with an unknown model in bad: 0 of 30 accepted');
    expect(only).not.toHaveProperty('target_persona');
    expect([...recommendationStatuses(await shop.state()).values()]).toEqual(['waiting']);
  });

  test('takes no harm from costs beyond numbers and from names as long as they may be.', async () => {
    const long = { model: 'm'.repeat(200), persona_version: '1.0.0', cost_usd: 1e308 };
    const outcomes = weak('p'.repeat(200), long).map((fields) => ({
      ...fields,
      domain: `${fields.domain}`.padEnd(200, 'x'),
    }));
    await using shop = await shopWith(outcomes);
    expect((await shop.pass()).failures).toEqual([]);
    expect(await shop.records('recommendation')).toHaveLength(1);
  });

  test('retires a bullet that misleads, up to the proposal.', async () => {
    const votes = { bullets_harmful: ['solver-narrow-diff'] };
    await using shop = await shopWith(many(12, votes));
    await shop.pass();
    expect((await shop.state()).patches.map(({ deltas }) => deltas)).toEqual([
      [
        {
          op: 'remove_bullet',
          id: 'solver-narrow-diff',
          why: 'It misled 12 times and helped 0 times (p = 0.0002).',
        },
      ],
    ]);
    const [branch = ''] = await shop.branches();
    const text = await shop.folder.git('show', `${branch}:personas/solver.yaml`);
    expect(text).not.toContain('solver-narrow-diff');
  });
});

describe('an analysis while patches are tested', () => {
  const agent = 'gate: { agent: ./agent, smoke: ./smoke }\n';
  const ideas = (side: string, count: number) =>
    Array.from({ length: 900 }, (_, at) => `idea-${at}`)
      .filter((idea) => splitOf('solver', idea) === side)
      .slice(0, count);
  /** A weak group whose failures are all on one side of the split. */
  const weakOn = (side: string) => [
    ...ideas(side, 40).map((idea_id) => ({ idea_id, domain: 'bad', outcome: 'failed' })),
    ...ideas('reflect', 100)
      .slice(40)
      .map((idea_id) => ({ idea_id, domain: 'good' })),
  ];

  test('sees nothing of the tasks that they are tested on.', async () => {
    await using open = await shopWith(weakOn('gate'));
    expect((await open.run(computeAnalysis)).findings).toHaveLength(1);
    await using shop = await shopWith(weakOn('gate'), agent);
    const seen = await shop.run(computeAnalysis);
    expect(seen.findings).toEqual([]);
    expect(seen.figures.outcomes).toBe(60);
    expect(describeAnalysis(seen)).toContain('the others (two in five) are kept back to test patches on');
  });

  test('marks what it finds on the other side, and its own record.', async () => {
    await using shop = await shopWith(weakOn('reflect'), agent);
    await shop.run(runAnalysis);
    expect((await shop.records<Recommendation>('recommendation')).map(({ extra }) => extra)).toEqual([
      { split: 'reflect' },
    ]);
    const [run] = await shop.records<AnalysisRun>('analysis_run');
    expect(run?.input).toMatch(/^[0-9a-f]{40}:reflect$/);
  });

  test('is made anew as soon as there is an agent, and what it finds stands beside what was found before.', async () => {
    await using shop = await shopWith(weakOn('reflect'));
    await shop.pass();
    const [first] = await shop.records<AnalysisRun>('analysis_run');
    expect(first?.input).toMatch(/^[0-9a-f]{40}$/);
    await shop.folder.write('millwright.yaml', agent);
    await shop.folder.git('commit', '-q', '-am', 'Settings');
    await shop.pass();
    expect(await shop.records('analysis_run')).toHaveLength(2);
    const found = await shop.records<Recommendation>('recommendation');
    expect(found.map(({ extra }) => extra?.split)).toEqual([undefined, 'reflect']);
    expect([...recommendationStatuses(await shop.state()).values()]).toEqual(['superseded', 'waiting']);
    expect((await shop.pass()).changed).toBe(false);
  });

  test('does not count votes of which nobody knows the tasks.', async () => {
    const outcomes = [{ idea_id: 'idea-0' }];
    const text = (await readFile(new URL('../../personas/solver.yaml', import.meta.url), 'utf8')).replace(
      /(id: solver-narrow-diff\n(?:.*\n)*?\s+harmful: )\d+/,
      '$130',
    );
    expect(text).toContain('harmful: 30');
    const found = async (settings: string) => {
      const files = { [segment(1)]: lines(outcomes), 'personas/solver.yaml': text };
      await using shop = await workshop({ settings, files });
      return (await shop.run(computeAnalysis)).findings.map(({ type }) => type);
    };
    expect(await found('')).toEqual(['retire_bullet']);
    expect(await found(agent)).toEqual([]);
  });
});

describe('the runner', () => {
  test('analyses at once, then only new outcomes, and not before the days of the settings are over.', async () => {
    await using shop = await shopWith(many(5, {}));
    await shop.pass();
    expect(await shop.records('analysis_run')).toHaveLength(1);
    shop.advance(30 * DAY_MS);
    expect((await shop.pass()).changed).toBe(false);
    await shop.drop('outcome', 'new-1', { idea_id: 'x', outcome: 'accepted', persona_id: 'solver' });
    await shop.pass();
    expect(await shop.records('analysis_run')).toHaveLength(2);
    await shop.drop('outcome', 'new-2', { idea_id: 'y', outcome: 'accepted', persona_id: 'solver' });
    await shop.pass();
    shop.advance(6.9 * DAY_MS);
    await shop.pass();
    expect(await shop.records('analysis_run')).toHaveLength(2);
    shop.advance(0.2 * DAY_MS);
    await shop.pass();
    expect(await shop.records('analysis_run')).toHaveLength(3);
  });
});
