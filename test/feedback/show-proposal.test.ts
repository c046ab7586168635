import { describe, expect, test } from 'vitest';
import { outcome } from '../../src/contracts/outcome.ts';
import type { Evidence } from '../../src/contracts/recommendation.ts';
import { type Entry, toLine } from '../../src/contracts/record.ts';
import { draftProposal } from '../../src/feedback/draft-proposal.ts';
import { recordLinks } from '../../src/feedback/proposal-links.ts';
import { showProposal } from '../../src/feedback/show-proposal.ts';
import { openWorkspace } from '../../src/ledger/workspace.ts';
import { type GitFolder, gitFolder } from '../support/git-folder.ts';
import { patched, route, solver } from './feedback-records.ts';

const forge = {
  permalink: (commit: string, path: string, line?: number) =>
    `https://git.example/w/blob/${commit}/${path}#L${line}`,
  picture: (path: string) => `https://git.example/w/blob/main/${path}?raw=true`,
};

const entry = (id: string, more: Readonly<Record<string, unknown>> = {}): Entry => ({
  id,
  kind: outcome.name,
  schema_version: 1,
  recorded_at: '2026-11-21T00:00:00.000Z',
  source: 'test',
  ...more,
});
/** A time of November 2026, and a time before it. */
const late = '01kajv5h00--late';
const segments = {
  'state/outcome/2026-10/0001.jsonl': toLine(entry('o-old')),
  'state/outcome/2026-11/0001.jsonl': [
    toLine(entry('o-1', { note: '{"id":"o-2",' })),
    '\n',
    toLine(entry('o-2', { nested: [{ id: 'o-3', kind: 'x' }] })),
    toLine(entry(late)),
  ].join(''),
  'state/patch/2026-11/0001.jsonl': toLine(entry('p-1')),
};

async function ledgerWith(files: Readonly<Record<string, string>>) {
  const folder: GitFolder = await gitFolder({ 'millwright.yaml': '', ...files });
  const workspace = await openWorkspace(folder.dir);
  const { commit, snapshot } = await workspace.log.tip();
  return {
    ledger: { commit: commit ?? '', snapshot },
    [Symbol.asyncDispose]: async () => {
      workspace.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

describe('the links of a proposal', () => {
  test('lead to the line of the record at the tip of the ledger, and nowhere for what is not there.', async () => {
    await using place = await ledgerWith(segments);
    const { ledger } = place;
    const link = await recordLinks(['o-1', 'o-2', 'o-3', 'o-old', 'p-1', 'x'], forge, ledger);
    const at = (path: string, line: number) =>
      `https://git.example/w/blob/${ledger.commit}/state/${path}/0001.jsonl#L${line}`;
    expect(['o-1', 'o-2', 'o-3', 'o-old', 'p-1', 'x'].map(link)).toEqual([
      at('outcome/2026-11', 1),
      at('outcome/2026-11', 3),
      undefined,
      at('outcome/2026-10', 1),
      at('patch/2026-11', 1),
      undefined,
    ]);
    // The month of the id comes first.
    expect((await recordLinks([late], forge, ledger))(late)).toBe(at('outcome/2026-11', 4));
    expect((await recordLinks(['o-1'], {}, ledger))('o-1')).toBeUndefined();
  });
});

describe('a proposal on a forge with addresses', () => {
  const arms = [
    { arm: 'gpt-5-mini', n: 20, accepted: 9, cost_usd: null },
    { arm: 'gpt-5', n: 20, accepted: 15, cost_usd: null },
  ];
  const evidence: Evidence[] = [
    { statement: 'Better.', record_ids: ['o-1', 'o-2'], domain: 'a/b', arms },
    ...Array.from({ length: 8 }, (_, at) => ({ statement: `Statement ${at}.`, record_ids: ['o-1'] })),
  ];
  const offer = { patch: patched('p-1', [route('a/b')], { evidence }), test: undefined };

  test('links its records, shows a picture instead of a drawing in text, and folds what is long.', async () => {
    await using place = await ledgerWith(segments);
    const { ledger } = place;
    const draft = await showProposal(solver, offer, { forge, ledger });
    const body = draft?.body ?? '';
    const path = `artifacts/proposals/${draft?.id.slice('millwright/'.length).replace('/', '.')}.svg`;
    expect(draft?.pictures?.map((picture) => picture.path)).toEqual([path]);
    expect(draft?.pictures?.[0]?.content).toContain('<svg');
    expect(body).toContain(`](https://git.example/w/blob/main/${path}?raw=true)`);
    expect(body).not.toContain('mermaid');
    expect(body).toContain(
      `[\`o-2\`](https://git.example/w/blob/${ledger.commit}/state/outcome/2026-11/0001.jsonl#L3)`,
    );
    expect(body).toContain(
      `- patch: [\`p-1\`](https://git.example/w/blob/${ledger.commit}/state/patch/2026-11/0001.jsonl#L1)`,
    );
    expect(body.match(/<details>\n<summary>[\w ]+<\/summary>\n\n/g)).toHaveLength(2);
    expect(body.match(/^<\/details>$/gm)).toHaveLength(2);
    expect(body.indexOf('Statement 4.')).toBeLessThan(body.indexOf('<details>'));
    expect(body.indexOf('Statement 5.')).toBeGreaterThan(body.indexOf('<summary>3 more</summary>'));
    // The same bytes the next time.
    expect(await showProposal(solver, offer, { forge, ledger })).toEqual(draft);
  });

  test('is as plain as before where the forge has none.', async () => {
    expect(await showProposal(solver, offer, { forge: {}, ledger: undefined })).toEqual(
      draftProposal(solver, offer),
    );
  });

  test('has no picture without figures, and no link where nothing has been recorded.', async () => {
    const bare = { patch: patched('p-1', [route('a/b')]), test: undefined };
    const draft = await showProposal(solver, bare, { forge, ledger: undefined });
    expect(draft?.pictures).toBeUndefined();
    expect(draft?.body).toContain('- patch: `p-1`');
    expect(draft?.body).not.toMatch(/mermaid|https:/);
  });

  test('says no word in its title that closes an issue when the commit is merged.', async () => {
    const evil = { patch: patched('p-1', [route('fixes #12 @octocat GH-3', '0123abcd')]), test: undefined };
    const draft = await showProposal(solver, evil, { forge, ledger: undefined });
    expect(draft?.title).not.toMatch(/#1|@o|GH-3|0123abcd/);
    expect(draft?.title.replaceAll('\u200b', '')).toContain('route fixes #12 @octocat GH-3 to 0123abcd');
  });
});
