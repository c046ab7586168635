import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { annotate, type Finding } from '../../../src/cli/actions/annotate.ts';
import { inertJson, inertWords } from '../../../src/cli/actions/inert-words.ts';
import { withoutControls } from '../../../src/cli/with-workspace.ts';
import { fakeIo, ON_ACTIONS } from './fake-io.ts';
import { runnerCommands } from './runner-commands.ts';

function said(finding: Finding, env: Readonly<Record<string, string>> = ON_ACTIONS): string {
  const { io, said: text } = fakeIo(env);
  annotate(io, finding);
  return text.err;
}

describe('an annotation', () => {
  test('names the file, the line, the title and the message.', () => {
    const finding = {
      path: 'queue/inbox/a.json',
      line: 3,
      severity: 'error',
      title: 'Bad',
      message: 'no',
    } as const;
    expect(said(finding)).toBe('::error file=queue/inbox/a.json,line=3,title=Bad::no\n');
  });

  test('has no place where there is none, and no line without a file.', () => {
    expect(said({ severity: 'notice', title: 'Late', message: 'm' })).toBe('::notice title=Late::m\n');
    expect(said({ line: 4, severity: 'warning', title: 'Late', message: 'm' })).toBe(
      '::warning title=Late::m\n',
    );
  });

  test('is not written outside of GitHub Actions.', () => {
    expect(said({ severity: 'error', title: 't', message: 'm' }, {})).toBe('');
    expect(said({ severity: 'error', title: 't', message: 'm' }, { GITHUB_ACTIONS: 'false' })).toBe('');
  });

  test('keeps several lines and every sign as one command.', () => {
    const finding = {
      path: 'a,b:c%0A.json',
      severity: 'error',
      title: 'x::y,z=1',
      message: '100%\r\n::error::e',
    } as const;
    const text = said(finding);
    expect(text.trimEnd().split('\n')).toHaveLength(1);
    expect(runnerCommands(text)).toEqual([
      {
        name: 'error',
        properties: { file: 'a,b:c%0A.json', title: 'x::y,z=1' },
        data: '100% \n::error::e',
      },
    ]);
  });

  test('holds no secret, and no more than GitHub takes.', () => {
    const token = `ghp_${'a'.repeat(36)}`;
    const text = said({ severity: 'error', title: token, message: `${'x'.repeat(3_990)} ${token}` });
    expect(text).not.toContain('ghp_');
    expect(text.length).toBeLessThan(4_300);
  });

  test('is one line and one command, whatever its texts are.', () => {
    const finding = fc.record({
      path: hostile(),
      line: fc.integer(),
      severity: fc.constantFrom('error', 'warning', 'notice'),
      title: hostile(),
      message: hostile(),
    });
    fc.assert(
      fc.property(finding, (one) => {
        const text = said(one);
        const [command, ...more] = runnerCommands(text.slice(0, -1));
        expect(text.slice(0, -1)).not.toMatch(/[\r\n]/);
        expect(more).toEqual([]);
        expect(command?.name).toBe(one.severity);
        expect(Object.keys(command?.properties ?? {})).toSatisfy((keys: string[]) =>
          keys.every((key) => ['file', 'line', 'title'].includes(key)),
        );
      }),
    );
  });
});

describe('words in the log of a step', () => {
  test('are left as they are elsewhere.', () => {
    const { io } = fakeIo();
    expect(inertWords(io, '::error::x')).toBe('::error::x');
    expect(inertJson(io, '["##[error]"]')).toBe('["##[error]"]');
  });

  test('never hold a command for the runner, whatever they quote.', () => {
    const { io } = fakeIo(ON_ACTIONS);
    fc.assert(
      fc.property(hostile(), (text) => {
        expect(runnerCommands(inertWords(io, withoutControls(text)))).toEqual([]);
      }),
    );
    expect(inertWords(io, 'a\n\t ::error::x')).toBe('a\n\t : :error::x');
    expect(inertWords(io, '\u00a0\u2003::add-mask::x')).toBe('\u00a0\u2003: :add-mask::x');
    expect(inertWords(io, 'std::vector and ##[group]')).toBe('std::vector and ## [group]');
  });

  test('as JSON keep their value.', () => {
    const { io } = fakeIo(ON_ACTIONS);
    fc.assert(
      fc.property(hostile(), (text) => {
        const json = inertJson(io, JSON.stringify([text]));
        expect(JSON.parse(json)).toEqual([text]);
        expect(runnerCommands(json)).toEqual([]);
      }),
    );
  });
});

/** Texts made of what commands are made of. */
function hostile(): fc.Arbitrary<string> {
  const piece = fc.constantFrom(
    ...[
      '::',
      ':',
      '##[',
      ']',
      '%',
      '%0A',
      '%25',
      ',',
      '=',
      ' ',
      '\n',
      '\r',
      '\t',
      '\u0085',
      '\u00a0',
      '\u200b',
    ],
    ...['\u2028', 'error', 'add-mask', 'stop-commands', 'set-output name=x', 'file=', 'title=', '\u0000'],
  );
  return fc.array(fc.oneof(piece, fc.string()), { maxLength: 12 }).map((pieces) => pieces.join(''));
}
