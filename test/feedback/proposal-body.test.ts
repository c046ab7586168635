import { describe, expect, test } from 'vitest';
import type { Delta } from '../../src/contracts/delta.ts';
import type { PatchTest } from '../../src/contracts/patch-test.ts';
import type { Evidence } from '../../src/contracts/recommendation.ts';
import { proposalBody, proposalTitle } from '../../src/feedback/proposal-body.ts';
import { proposalId } from '../../src/feedback/proposal-id.ts';
import { patched, route } from './feedback-records.ts';

const evidence: Evidence = {
  statement: 'in django/django: better',
  record_ids: Array.from({ length: 20 }, (_, at) => `rec-${at}`),
  domain: 'django/django',
  arms: [
    { arm: 'gpt-5-mini', n: 231, accepted: 137, cost_usd: 6.71 },
    { arm: 'sonnet-4-5', n: 231, accepted: 162, cost_usd: 130.83 },
  ],
  test: 'paired sign test, one-sided',
  wins: 33,
  losses: 8,
  p_value: 0.00005611,
  p_adjusted: 0.0008416,
};

const predicted = {
  metric: 'acceptance_rate',
  baseline: 0.5931,
  expected: 0.7013,
  cost_per_run_before: 0.029,
  cost_per_run_after: 0.566,
  runs: 231,
  measured_by: 'the rate under the new version',
  note: 'Expect somewhat less.',
};

const patch = patched('p-1', [route('django/django', 'sonnet-4-5')], {
  evidence: [evidence],
  recommendation_ids: ['rec-7'],
  predicted_effect: predicted,
  rationale: 'First reason\n\nsecond reason',
});

/** The part of a page under a heading. */
function section(body: string, heading: string): string {
  return body.split(`## ${heading}\n\n`)[1]?.split('\n\n## ')[0] ?? '';
}

describe('the page of a proposal', () => {
  const body = proposalBody(patch);

  test('says what changes, for whom and why.', () => {
    expect(body.split('\n')[0]).toBe('# solver 1.1.0: route django/django to sonnet-4-5');
    expect(body).toContain('Persona `solver`, 1.0.0 to 1.1.0, component routing.');
    expect(section(body, 'What changes')).toBe('- route django/django to sonnet-4-5');
    expect(section(body, 'Why')).toBe('- First reason\n- second reason');
  });

  test('has the evidence as a table, with costs, counts and both p values, and the test behind them.', () => {
    expect(section(body, 'Evidence')).toContain(
      [
        '| domain | pairs | now | proposed | wins : losses | p | p adjusted |',
        '|---|--:|---|---|--:|--:|--:|',
        '| django/django | 231 | gpt-5-mini: 137 (59.3 %), $0.029 a run, $0.05 an accepted one | sonnet-4-5: 162 (70.1 %), $0.566 a run, $0.81 an accepted one | 33 : 8 | < 0.0001 | 0.0008 |',
      ].join('\n'),
    );
    expect(body).toContain('Test: paired sign test, one-sided;');
  });

  test('has a chart of the same figures.', () => {
    const chart = /```mermaid\n(.*?)\n```/s.exec(body)?.[1] ?? '';
    expect(chart.split('\n').map((line) => line.trim())).toEqual([
      'xychart-beta',
      'title "Accepted, percent: now (bars), proposed (line)"',
      'x-axis ["django/django"]',
      'y-axis "percent" 0 --> 100',
      'bar [59.3]',
      'line [70.1]',
    ]);
  });

  test('predicts, and says that nothing was tested before the merge.', () => {
    expect(section(body, 'Predicted effect')).toBe(
      'Accepted: 59.3 % to 70.1 % (+10.8 points) of the 231 runs that it touches. Cost a run: $0.029 to $0.566. Expect somewhat less.\n\nMeasured by: the rate under the new version.',
    );
    expect(section(body, 'Tested before merge')).toContain('Not tested before merge');
  });

  test('names its records, the first twelve of them, and how to decide.', () => {
    const records = section(body, 'Records');
    expect(records).toContain('- patch: `p-1`\n- recommendations: `rec-7`');
    expect(records).toContain('`rec-0`, `rec-1`');
    expect(records).toContain('`rec-11`, and 8 more in the patch record');
    expect(section(body, 'Decide')).toContain(`\`${proposalId(patch)}\``);
    const onForge = proposalBody(patch, undefined, {}, { link: (id) => id, chart: undefined });
    expect(section(onForge, 'Decide')).toMatch(
      /restore the branch .* then reopen it, or tick its box on the dashboard/,
    );
    expect(body).toContain('millwright review apply p-1');
    expect(body).toContain('millwright review reject p-1 --reason');
  });

  test('says plainly when there are no figures.', () => {
    const bare = proposalBody(patched('p-1', [route('a')], { rationale: 'Because.', evidence: [] }));
    expect(section(bare, 'Evidence')).toBe('None.');
    expect(section(bare, 'Predicted effect')).toContain('None.');
    expect(section(bare, 'Records')).toContain('records behind it: none');
    expect(bare).not.toContain('mermaid');
  });

  test('has a cause with the records that show it, and calls no record different that stands alone.', () => {
    const cause = { statement: 'The suite timed out.', record_ids: ['o-1', 'o-2'] };
    const group = {
      statement: '3 of 40',
      record_ids: ['a', 'b', 'c', 'd', 'e', 'f'],
      arms: evidence.arms?.slice(0, 1) ?? [],
    };
    const more = {
      rationale: 'Because of: x\nThe suite timed out. (2 records)\n"quote" (o-1)',
      evidence: [group, cause],
    };
    const drafted = proposalBody(patched('p-1', [route('a')], more));
    expect(section(drafted, 'Why').split('\n')).toEqual([
      '- Because of: x',
      '- The suite timed out. (`o-1`, `o-2`)',
      '- "quote" (o-1)',
    ]);
    expect(section(drafted, 'Evidence').split('\n')).toEqual([
      '- 3 of 40 (`a`, `b`, `c`, `d`, and 2 more in the patch record)',
      '- The suite timed out. (`o-1`, `o-2`)',
    ]);
    expect(section(drafted, 'Records')).toContain('- records behind it: `a`, `b`');
    expect(section(body, 'Records')).toContain('- outcomes that differ: `rec-0`');
    const mixed = section(proposalBody({ ...patch, evidence: [evidence, cause] }), 'Evidence');
    expect(mixed).toContain('| django/django |');
    expect(mixed).toContain('- The suite timed out. (`o-1`, `o-2`)');
  });

  test('has a loss with its sign.', () => {
    const loss = proposalBody({ ...patch, predicted_effect: { ...predicted, expected: 0.55 } });
    expect(section(loss, 'Predicted effect')).toContain('(-4.3 points)');
  });

  test.each<[Delta, string]>([
    [
      { op: 'add_bullet', id: 'a-b', section: 'Before', text: 'One.\n\nTwo.', evidence: [] },
      '- add bullet a-b\n  > Before: One.\n  > Two.',
    ],
    [{ op: 'update_bullet', id: 'a-b', text: 'New text.' }, '- update bullet a-b\n  > New text.'],
    [{ op: 'remove_bullet', id: 'a-b', why: 'It misled.' }, '- retire bullet a-b\n  > It misled.'],
    [{ op: 'set_field', field: 'role', value: 'Does it.' }, '- set role\n  > Does it.'],
    [route(null), '- route everything else to gpt-5'],
  ])('shows the words that a change brings: %j', (change, wanted) => {
    expect(section(proposalBody(patched('p-1', [change])), 'What changes')).toBe(wanted);
  });

  test('shows other versions where the persona has moved on, under the same branch.', () => {
    const moved = proposalBody(patch, { from: '3.2.1', to: '3.3.0' });
    expect(moved).toContain('Persona `solver`, 3.2.1 to 3.3.0');
    expect(moved.split('\n')[0]).toContain('solver 3.3.0:');
    expect(moved).toContain(proposalId(patch));
    expect(proposalTitle(patch, '3.3.0')).toBe('solver 3.3.0: route django/django to sonnet-4-5');
  });
});

describe('the test before the merge', () => {
  const found: PatchTest = {
    patch_id: 'p-1',
    persona_id: 'solver',
    from_version: '1.0.0',
    verdict: 'no_evidence',
    reason: 'no evidence of a difference: 5 tasks won, 4 lost of 60, p = 0.5000',
    pairs: 60,
    wins: 5,
    losses: 4,
    p_value: 0.5,
    difference: 1 / 60,
    difference_low: -0.065,
    difference_high: 0.098,
    headroom: { tasks: 20, pass_at_1: 0.4, best_of_3: 0.65 },
    runs: 180,
    cost_usd: 12.345,
    agent: 'claude',
    tested_at: '2026-11-21T00:00:00.000Z',
    extra: { accepted_old: 30, accepted_new: 31 },
  };
  const said = (more: Partial<PatchTest> = {}, hasChanged = false) =>
    section(
      proposalBody(patch, undefined, { test: { ...found, ...more }, hasChanged }),
      'Tested before merge',
    );

  test('is told with its verdict, its counts, p, the interval, the headroom and the price.', () => {
    expect(said().split('\n\n')).toEqual([
      '**No evidence: on archived tasks the test shows neither a gain nor a loss. That is no proof of either.**',
      'No evidence of a difference: 5 tasks won, 4 lost of 60, p = 0.5000.',
      '| 60 tasks, each once on both sides | old | patched |\n|---|--:|--:|\n| solved | 30 (50.0 %) | 31 (51.7 %) |\n| solved by this side alone | 4 | 5 |',
      'Wins : losses 5:4, one-sided sign test, p = 0.5000. Difference +1.7 points, 90 % interval -6.5 to +9.8 points.',
      'Headroom: on 20 other tasks the persona as it is solves 40.0 % at the first try and 65.0 % in three.',
      '180 replays by claude, $12.35.',
    ]);
  });

  test('is told to be missing, with the reason in its own words.', () => {
    const none = { verdict: 'not_tested', pairs: 0, p_value: null, headroom: undefined, runs: 0 } as const;
    const text = said({ ...none, reason: '3 of 120 replays were done in 72 h' });
    expect(text.split('. ')[0]).toBe('Not tested before merge: 3 of 120 replays were done in 72 h');
  });

  test('says of a price that nobody told what it may have been, or that nothing bounded it.', () => {
    const price = (extra: Readonly<Record<string, number | string>>) =>
      said({ cost_usd: null, extra }).split('\n\n').at(-1);
    expect(price({ estimated_cost_usd: 4.5 })).toBe(
      '180 replays by claude, about $4.50, not all of them told their cost.',
    );
    expect(price({ cost_note: 'cost not told' })).toContain('cost not told, so gate.per_test_usd could not');
  });

  test('claims no figures that are not there, and no change since a test that was none.', () => {
    const none = { verdict: 'not_tested', pairs: 0, p_value: null, headroom: undefined, runs: 0 } as const;
    expect(said({ ...none, reason: 'no' }, true)).toBe(
      'Not tested before merge: no. Any figures above are of past work or a guess; none of them is of the patched persona.',
    );
  });

  test('says when it is of another text than the one that is offered.', () => {
    expect(said({}, true)).toContain('Since this test the persona was changed by other hands');
  });

  test('keeps hostile words in their line.', () => {
    const text = said({ reason: 'x | y\n\n## Injected <b>', agent: '`rm` <i>' });
    expect(text).not.toMatch(/^## |<[bi]>/m);
  });
});

test('a proposal whose test is under way says so, and asks for no decision.', () => {
  const body = proposalBody(patched('p-1', [route('a')]), undefined, { testing: '3 of 120 replays done' });
  expect(body).toContain('It is being tested: 3 of 120 replays done.');
  expect(body).not.toContain('review apply');
});

describe('hostile text in a proposal', () => {
  const evil =
    'x | y\n\n## Injected\n\n```\n<script>alert(1)</script><img src=x onerror=1> `a` [l](javascript:x) @octocat fixes #1 %%{init: {}}%% "]';
  const body = proposalBody(
    patched(
      'p-1',
      [route(evil, evil), { op: 'add_bullet', id: 'a-b', section: evil, text: evil, evidence: [] }],
      {
        component: evil,
        rationale: `${evil}\n---\n# ${evil}`,
        evidence: [
          {
            ...evidence,
            statement: evil,
            domain: evil,
            arms: (evidence.arms ?? []).map((arm) => ({ ...arm, arm: evil })),
            test: evil,
          },
        ],
        predicted_effect: { ...predicted, measured_by: evil, note: evil },
      },
    ),
  );

  test('makes no tag.', () => {
    expect(body).not.toMatch(/<[a-z/!]/i);
  });

  test('makes no heading and no section of its own.', () => {
    const headings = body.split('\n').filter((line) => line.startsWith('#'));
    expect(headings.slice(1)).toEqual([
      '## What changes',
      '## Why',
      '## Evidence',
      '## Predicted effect',
      '## Tested before merge',
      '## Records',
      '## Decide',
    ]);
  });

  test('stays in its cell: each row of the table has seven of them.', () => {
    const rows = section(body, 'Evidence')
      .split('\n')
      .filter((line) => line.startsWith('|'));
    expect(rows).toHaveLength(3);
    for (const row of rows) expect(row.split(/(?<!\\)\|/)).toHaveLength(9);
  });

  test('ends no fence, and leaves the chart one block of six lines.', () => {
    expect(body.split('\n').filter((line) => /^\s*```/.test(line))).toEqual(['```mermaid', '```']);
    const chart = /```mermaid\n(.*?)\n```/s.exec(body)?.[1] ?? '';
    expect(chart.split('\n')).toHaveLength(6);
    expect(chart).not.toMatch(/%%|script>|;/);
  });

  test('calls nobody, links nowhere and closes nothing.', () => {
    expect(body).not.toMatch(/@octocat|#1\b/);
    expect(body).not.toMatch(/(?<!\\)\]\(/);
  });
});
