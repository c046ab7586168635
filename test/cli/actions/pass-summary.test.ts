import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { describe, expect, test } from 'vitest';
import { codeSpan } from '../../../src/cli/actions/code-span.ts';
import { committedPage } from '../../../src/cli/actions/committed-page.ts';
import { kindCount } from '../../../src/cli/actions/kind-count.ts';
import { type PassFacts, passSummary } from '../../../src/cli/actions/pass-summary.ts';
import { webLinks } from '../../../src/cli/actions/web-links.ts';
import { workSummary } from '../../../src/cli/actions/work-summary.ts';
import type { PassReport } from '../../../src/runner/run-pass.ts';

const report: PassReport = {
  started_at: '2026-11-21T08:00:00.000Z',
  duration_ms: 3_240,
  changed: true,
  accepted: { outcome: 1_200, patch: 1 },
  unchanged: 2,
  rejected: [],
  settling: 0,
  findings: 3,
  proposals: [],
  interrupted: false,
  failures: [],
};
const links = webLinks({ env: { GITHUB_SERVER_URL: 'https://github.com', GITHUB_REPOSITORY: 'mill/works' } });
const facts: PassFacts = {
  report,
  status: {
    ledger: { branch: 'millwright/ledger', commit: 'a'.repeat(40) },
    waits: [],
    pushes: { used: 2, limit: 6, waiting: 0 },
  },
  warnings: [],
  links,
  pulls: true,
};

describe('the summary of a pass', () => {
  test('says what came in, how long it took and what was spent.', () => {
    const text = passSummary({ ...facts, requests: { used: 4, limit: 1_000 } });
    expect(text).toBe(
      [
        '## The pass is done, in 3.2 s',
        'Recorded: 1,200 outcomes, 1 patch.\n2 contracts were recorded already.\n3 findings.',
        'Pushes in the last minute: 2 of 6. API requests in the last hour: 4 of 1,000. Ledger: `millwright/ledger` at `aaaaaaaaaa`.',
      ].join('\n\n'),
    );
  });

  test('names every refused contract with its line, its reason and its page.', () => {
    const rejected = [
      {
        path: 'queue/inbox/outcome/a(b).json',
        to: 'queue/rejected/outcome/a(b).json',
        problem: 'queue/inbox/outcome/a(b).json:3: idea_id: expected text, found nothing',
        line: 3,
      },
    ];
    const text = passSummary({ ...facts, report: { ...report, rejected } });
    expect(text).toContain('### Rejected: 1 contract\n\n| file | line | why |\n|---|---|---|\n');
    expect(text).toContain(
      '| [`queue/inbox/outcome/a(b).json`](https://github.com/mill/works/blob/millwright/ledger/queue/rejected/outcome/a%28b%29.error.md) | 3 | idea_id: expected text, found nothing |',
    );
  });

  test('links proposals to their pull requests, and without a host to nothing.', () => {
    const proposals = [{ proposal_id: 'millwright/persona-solver/abc', result: 'opened', detail: 'new' }];
    const shown = { ...facts, report: { ...report, proposals } };
    expect(passSummary(shown)).toContain(
      '| [`millwright/persona-solver/abc`](https://github.com/mill/works/pulls?q=is%3Apr%20head%3Amillwright%2Fpersona-solver%2Fabc) | opened | new |',
    );
    expect(passSummary({ ...shown, pulls: false })).toContain('/tree/millwright/persona-solver/abc)');
    expect(passSummary({ ...shown, links: undefined })).toContain(
      '| `millwright/persona-solver/abc` | opened |',
    );
  });

  test('links no page that git ignores, and says what became of the file.', () => {
    const path = 'queue/inbox/outcome/a.json';
    const rejected = [{ path, to: 'queue/rejected/outcome/a.local.json', problem: `${path}: a secret` }];
    const text = passSummary({ ...facts, report: { ...report, rejected } });
    expect(text).toMatch(
      /\| `queue\/inbox\/outcome\/a\.json` \| {2}\| a secret<br>It stays out of the history/,
    );
    expect(text).not.toContain('.error.md');
    const named = { path: 'queue/inbox/outcome/a.local.json', to: 'queue/rejected/outcome/a.local.json' };
    expect(committedPage(named)).toBe('queue/rejected/outcome/a.local.error.md');
  });

  test('puts nothing into ids, branches and commands, which people copy.', () => {
    const id = 'millwright/persona-backend/99a814135bc3';
    const show = `millwright review show ${id}`;
    const status = {
      ...facts.status,
      ledger: { branch: 'ledger-1234567890', commit: 'a'.repeat(40) },
      waits: [
        { what: id, who: 'a reviewer', why: 'it is open', hint: show },
        { what: 'the merged patch 1234567890', who: 'a person', why: 'at 99a814135bc3.', hint: 'look' },
      ],
      pushes: { used: 0, limit: null, waiting: 0 },
    };
    const proposals = [{ proposal_id: id, result: 'superseded', detail: `by ${id}, not by @ada` }];
    const text = passSummary({ ...facts, status, report: { ...report, proposals } });
    expect(text).toContain(`| \`${id}\` | a reviewer | it is open | \`${show}\` |`);
    expect(text).toContain('| the merged patch `1234567890` | a person | at `99a814135bc3`. | look |');
    expect(text).toContain(`| superseded | by \`${id}\`, not by @\u200bada |`);
    expect(text).toContain('Ledger: `ledger-1234567890` at');
  });

  test('shows a name of backticks as what it is.', () => {
    const md = new MarkdownIt();
    const name = fc
      .string({ unit: fc.constantFrom(...'`a <&*['), minLength: 1 })
      .filter((one) => one.trim() !== '');
    fc.assert(
      fc.property(name, (text) => {
        const shown = text.trim().replaceAll('&', '&amp;').replaceAll('<', '&lt;');
        expect(md.renderInline(codeSpan(text))).toBe(`<code>${shown}</code>`);
      }),
    );
  });

  test('counts kinds as people do.', () => {
    expect([1, 2].map((n) => kindCount(n, 'recommendation'))).toEqual([
      '1 recommendation',
      '2 recommendations',
    ]);
    expect(kindCount(1_200, 'research_signal')).toBe('1,200 research signals');
    expect(kindCount(2, 'patch')).toBe('2 patches');
    expect(kindCount(2, 'signal_consumed')).toBe('2 signal consumed');
  });

  test('begins with what failed, and shows no table without rows.', () => {
    const failures = [{ controller: 'proposals', code: 'x', message: 'no | right', hint: 'ask' }];
    const text = passSummary({ ...facts, report: { ...report, failures } });
    expect(text).toMatch(/^## The pass did a part of its work in 3\.2 s\n/);
    expect(text).toContain('- **proposals**: no \\| right<br>ask');
    expect(text).not.toContain('###  ');
    expect(text).not.toContain('|---|');
  });

  test('shows fifty rows of a long table, and says how many there are besides.', () => {
    const proposals = Array.from({ length: 60 }, (_one, at) => ({ proposal_id: `p${at}`, result: 'capped' }));
    const text = passSummary({ ...facts, report: { ...report, proposals } });
    expect(text.match(/\| capped \|/g)).toHaveLength(50);
    expect(text).toContain('And 10 more.');
  });

  test('holds no tag, picture or link of its texts, whatever they are.', () => {
    const piece = fc.constantFrom(
      ...'[](){}<>!`*_|\\\n:/@#&;a.-$ ',
      'abc1234f',
      ' abc1234f',
      'www.',
      'git a ',
      '``',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(piece).map((pieces) => pieces.join('')),
    );
    const md = new MarkdownIt({ html: true, linkify: false });
    fc.assert(
      fc.property(text, (foreign) => {
        const proposals = [{ proposal_id: foreign, result: foreign, detail: foreign }];
        const rejected = [{ path: foreign, to: foreign, problem: foreign }];
        const failures = [{ controller: foreign, code: 'x', message: foreign, hint: foreign }];
        const shown = { ...report, proposals, rejected, failures, accepted: { [foreign]: 1 } };
        const waits = [{ what: foreign, who: foreign, why: foreign, hint: foreign }];
        const status = {
          ledger: { branch: foreign, commit: 'a' },
          waits,
          pushes: { used: 0, limit: 1, waiting: 0 },
        };
        const html = md.render(
          passSummary({ ...facts, links: undefined, status, report: shown, warnings: [foreign] }),
        );
        expect(html.replaceAll('<br>', '')).not.toMatch(
          /<(?!\/?(?:h[23]|p|ul|li|strong|code|table|t[hdr]|thead|tbody)>)/,
        );
        expect(html.match(/<td>/g)).toHaveLength(10);
      }),
    );
  });
});

describe('addresses for summaries', () => {
  test('are made only where the run says which repository it is for.', () => {
    expect(webLinks({ env: {} })).toBeUndefined();
    expect(
      webLinks({ env: { GITHUB_SERVER_URL: 'javascript:x', GITHUB_REPOSITORY: 'a/b' } }),
    ).toBeUndefined();
    expect(
      webLinks({ env: { GITHUB_SERVER_URL: 'https://a.b', GITHUB_REPOSITORY: 'a/b)c' } }),
    ).toBeUndefined();
    expect(links?.file('ma in', 'a b/ü#?.md')).toBe(
      'https://github.com/mill/works/blob/ma%20in/a%20b/%C3%BC%23%3F.md',
    );
  });
});

describe('the summary of a worker', () => {
  test('has a row for each slot that ended.', () => {
    const event = { at: '2026-11-21T08:00:00.000Z', worker_id: 'w' };
    const text = workSummary({ worker_id: 'w', shipped: 1, failed: 1, released: 0, lost: 0 }, [
      { ...event, event: 'started' },
      { ...event, event: 'shipped', slot_id: 's-1', branch_name: 'feat/a|b' },
      { ...event, event: 'failed', slot_id: 's-2', detail: 'smoke <b>' },
      { ...event, event: 'trouble', detail: 'no remote' },
    ]);
    expect(text).toBe(
      [
        '## 1 slot shipped, 1 failed, 0 released, 0 lost',
        '| slot | ended | branch |  |\n|---|---|---|---|\n| `s-1` | shipped | feat/a\\|b |  |\n| `s-2` | failed |  | smoke &lt;b&gt; |',
        '- trouble: no remote',
      ].join('\n\n'),
    );
  });

  test('says that there was nothing to claim.', () => {
    expect(workSummary({ worker_id: 'w', shipped: 0, failed: 0, released: 0, lost: 0 }, [])).toContain(
      'nothing to claim',
    );
  });
});
