import { describe, expect, test } from 'vitest';
import { parsePushAnswer } from '../../src/git/push-answer.ts';
import type { RefUpdate } from '../../src/git/ref-transport.ts';

const a = 'a'.repeat(40);
const b = 'b'.repeat(40);
const ref = 'refs/heads/main';
const move: RefUpdate = { ref, expected: a, next: b };

/** One line as git prints it, between the address and the last word. */
function answerTo(line: string, update = move) {
  return parsePushAnswer(`To https://example.invalid/x.git\n${line}\nDone\n`, [update])[0];
}

describe('the answer to a push', () => {
  test.each([
    [` \t${b}:${ref}\taaaaaaa..bbbbbbb`, move],
    [`+\t${b}:${ref}\taaaaaaa...bbbbbbb (forced update)`, move],
    [`*\t${b}:${ref}\t[new branch]`, { ref, expected: null, next: b }],
    [
      `*\t${b}:refs/millwright/slots/s\t[new reference]`,
      { ref: 'refs/millwright/slots/s', expected: null, next: b },
    ],
    [`-\t:${ref}\t[deleted]`, { ref, expected: a, next: null }],
  ])('is a win at %j.', (line, update) => {
    expect(answerTo(line, update)).toEqual({ result: 'moved' });
  });

  test.each([
    `=\t${b}:${ref}\t[up to date]`,
    `!\t${b}:${ref}\t[rejected] (stale info)`,
    `!\t${b}:${ref}\t[rejected] (fetch first)`,
    `!\t${b}:${ref}\t[rejected] (non-fast-forward)`,
    `!\t${b}:${ref}\t[remote rejected] (failed to update ref)`,
    `!\t${b}:${ref}\t[remote rejected] (incorrect old value provided)`,
    `!\t${b}:${ref}\t[remote rejected] (cannot lock ref 'refs/heads/main': is at ${a} but expected ${b})`,
    `!\t${b}:${ref}\t[remote rejected] (cannot lock ref 'refs/heads/main': reference already exists)`,
    `!\t(delete):${ref}\t[rejected] (stale info)`,
    `!\t:${ref}\t[remote rejected] (remote ref does not exist)`,
  ])('is a lost race at %j.', (line) => {
    expect(answerTo(line)).toMatchObject({ result: 'lost' });
  });

  test.each([
    [`!\t${b}:${ref}\t[remote rejected] (pre-receive hook declined)`, /hook/],
    [`!\t${b}:${ref}\t[remote rejected] (hook declined)`, /hook/],
    [`!\t${b}:${ref}\t[remote rejected] (protected branch hook declined)`, /hook/],
    [`!\t${b}:${ref}\t[remote rejected] (GH006: Protected branch update failed)`, /ledger_branch/],
    [`!\t${b}:${ref}\t[remote rejected] (deny updating a hidden ref)`, /ref_namespace/],
    [`!\t${b}:${ref}\t[remote rejected] (funny refname)`, /ref_namespace/],
    [`!\t${b}:${ref}\t[remote rejected] (deletion prohibited)`, /reason/],
    [`!\t${b}:${ref}\t[remote rejected] (unpacker error)`, /reason/],
    [`!\t${b}:${ref}\t[remote rejected] (branch is currently checked out)`, /reason/],
  ])('is a refusal that says what to do at %j.', (line, hint) => {
    expect(answerTo(line)).toMatchObject({ result: 'refused', hint: expect.stringMatching(hint) });
  });

  test('belongs to its ref, in the order in which the refs were asked for.', () => {
    const refs = ['refs/heads/x', 'refs/heads/y', 'refs/heads/z', 'refs/heads/é'];
    const lines = [
      `!\t${b}:refs/heads/z\t[rejected] (stale info)`,
      `*\t${b}:refs/heads/x\t[new branch]`,
      `*\t${b}:refs/heads/é\t[new branch]`,
      'Done',
    ];
    const updates = refs.map((name) => ({ ref: name, expected: null, next: b }));
    const verdicts = parsePushAnswer(`To x\n${lines.join('\n')}\n`, updates);
    expect(verdicts.map((verdict) => verdict?.result)).toEqual(['moved', undefined, 'lost', 'moved']);
  });

  test.each([
    '',
    'Everything up-to-date\n',
    'Done\n',
    `To x\n \t${b}:refs/heads/other\taaaaaaa..bbbbbbb\nDone\n`,
  ])('that does not name the ref (%j) is no answer.', (stdout) => {
    expect(parsePushAnswer(stdout, [move])).toEqual([undefined]);
  });

  test('that deletes what was not there is no win.', () => {
    const nothing = { ref, expected: null, next: null };
    expect(answerTo(`-\t:${ref}\t[deleted]`, nothing)).toMatchObject({ result: 'lost' });
  });
});
