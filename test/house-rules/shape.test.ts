import { describe, expect, it } from 'vitest';
import { readSources, type SourceFile } from './source-files.ts';

const LONGEST_FILE = 300;
const LONGEST_TEST = 450;
const meaningless = /(?:^|\/)(?:utils?|helpers?|common|misc|types|interfaces|index|lib)(?:\/|\.ts$)/;

describe('the shape of the code', () => {
  it('keeps every file of src within 300 lines', async () => {
    expect(tooLong(await readSources('src'), LONGEST_FILE)).toEqual([]);
  });

  it('keeps every test within 450 lines', async () => {
    expect(tooLong(await readSources('test'), LONGEST_TEST)).toEqual([]);
  });

  it('has no room or file without a meaning of its own', async () => {
    const paths = (await readSources('src')).map(({ path }) => path);

    expect(paths.filter((path) => meaningless.test(path))).toEqual([]);
  });

  it('extends nothing but the base error', async () => {
    const found = (await readSources('src')).flatMap(({ path, text }) =>
      [...text.matchAll(/\bclass \w+ extends (\w+)/g)].map((match) => `${path}: ${match[1]}`),
    );

    expect(found).toEqual(['contracts/millwright-error.ts: Error']);
  });

  it('prints only in the command line', async () => {
    const printing = (await readSources('src')).filter(
      ({ path, text }) => !path.startsWith('cli/') && /\bconsole\.|process\.std(?:out|err)/.test(text),
    );

    expect(printing.map(({ path }) => path)).toEqual([]);
  });

  it('asks the time only through the clock', async () => {
    const asking = (await readSources('src')).filter(
      ({ path, text }) =>
        path !== 'contracts/clock.ts' && /\bDate\.now\(|new Date\(\)|performance\.now\(/.test(text),
    );

    expect(asking.map(({ path }) => path)).toEqual([]);
  });

  it('runs no test that is skipped, focused or unfinished', async () => {
    const marked = (await readSources('test')).filter(({ text }) =>
      /\b(?:it|test|describe)\.(?:skip|only|todo|skipIf|runIf)\b/.test(text),
    );

    expect(marked.map(({ path }) => path)).toEqual([]);
  });
});

describe('the rules of shape', () => {
  it('bite on samples that break them', () => {
    const long = { path: 'git/long.ts', text: 'x\n'.repeat(LONGEST_FILE + 1) };

    expect(tooLong([long], LONGEST_FILE)).toEqual(['git/long.ts: 301 lines']);
    expect(meaningless.test('git/utils.ts')).toBe(true);
    expect(meaningless.test('helpers/thing.ts')).toBe(true);
    expect(meaningless.test('git/tree.ts')).toBe(false);
  });
});

function tooLong(files: readonly SourceFile[], limit: number): string[] {
  return files
    .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
    .filter(({ lines }) => lines > limit)
    .map(({ path, lines }) => `${path}: ${lines} lines`);
}
