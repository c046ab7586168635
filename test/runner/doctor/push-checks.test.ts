import { describe, expect, test } from 'vitest';
import { asGitSees, pushChecks } from '../../../src/runner/doctor/push-checks.ts';
import { ok, warning } from '../../../src/runner/doctor/verdicts.ts';

const held = { standing: 'held', words: '' } as const;
const missing = { standing: 'missing', words: 'no right' } as const;
const unknown = { standing: 'unknown', words: 'no answer' } as const;

describe('whether records and branches can be pushed', () => {
  test.each([
    ['git may', held, missing, 'ok', 'git may push; the token for the API lacks'],
    ['git may not, whatever the token may', missing, held, 'failed', '(no right)'],
    ['nobody knows', unknown, held, 'warning', 'not known: a trial of git push'],
    ['there is no remote, and the token may', undefined, held, 'ok', 'contents: write'],
    ['there is no remote, and the token may not', undefined, missing, 'warning', 'there is no remote'],
    ['there is no remote, and no answer', undefined, unknown, 'warning', 'not known: no answer'],
  ] as const)('is told where %s.', (_title, pushes, contents, verdict, words) => {
    expect(pushChecks(pushes, contents)).toEqual([
      expect.objectContaining({
        name: 'records and branches',
        verdict,
        detail: expect.stringContaining(words),
      }),
    ]);
  });
});

describe('the check of the ledger branch', () => {
  const takes = [ok('ledger branch', 'main takes pushes'), ok('other', 'x')];

  test('says that it takes pushes only where git may push.', () => {
    expect(asGitSees(takes, held, 'main')).toEqual(takes);
    const unsure = [ok('ledger branch', 'main is there, and no rule refuses pushes'), ok('other', 'x')];
    for (const pushes of [undefined, missing, unknown])
      expect(asGitSees(takes, pushes, 'main')).toEqual(unsure);
  });

  test('keeps what is wrong already.', () => {
    const refused = [warning('ledger branch', 'main may refuse', 'x')];
    expect(asGitSees(refused, missing, 'main')).toEqual(refused);
  });
});
