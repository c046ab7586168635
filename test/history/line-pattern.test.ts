import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkContract } from '../../src/contracts/check-contract.ts';
import type { Kind } from '../../src/contracts/kind.ts';
import { kinds } from '../../src/contracts/kinds.ts';
import { toEntry, toLine } from '../../src/contracts/record.ts';
import { linePattern } from '../../src/history/line-pattern.ts';
import { recordLines } from '../../src/history/record-lines.ts';
import { fullExamples } from '../contracts/full-examples.ts';
import { chooseSeed } from '../e2e/seeded-random.ts';

/** A contract as intake records it. */
function lineOf(kind: Kind, data: unknown): string {
  const checked = checkContract(kind, { data }, { id: 'x-1', source: 'a test' });
  if (!checked.ok) throw new Error(JSON.stringify(checked.issues));
  return toLine(toEntry(checked.contract, new Date('2026-11-21T03:20:50.114Z')));
}

const patterns = new Map(kinds.map((kind) => [kind.name, linePattern(kind)]));

function isTaken(kind: Kind, line: string): boolean {
  const pattern = patterns.get(kind.name);
  if (pattern === undefined) return false;
  pattern.lastIndex = 0;
  return pattern.test(Buffer.from(line).toString('latin1')) && pattern.lastIndex === Buffer.byteLength(line);
}

/** Fields that no pattern can tell: lines that have them are read by their schema, always. */
const beyondPatterns: Readonly<Record<string, string>> = {
  research_signal: 'url',
  thought: 'constitution_path',
};

const full = kinds.map((kind): [string, Kind, string] => {
  const { [beyondPatterns[kind.name] ?? '']: _left, ...example } = fullExamples[kind.name] ?? {};
  return [kind.name, kind, lineOf(kind, example)];
});

const names = full.map(([name]) => name);

function exampleOf(name: string): { kind: Kind; whole: string } {
  const [, kind, whole] = full[names.indexOf(name)] as (typeof full)[number];
  return { kind, whole };
}

describe('a line that is taken as it is', () => {
  test.each(full)('can be one of %s, with every field that there is.', (_name, kind, line) => {
    expect(isTaken(kind, line)).toBe(true);
  });

  test.each(full)('can be one of %s with only what is required.', (_name, kind, line) => {
    const record = JSON.parse(line) as Record<string, unknown>;
    let least = record;
    for (const field of Object.keys(kind.fields.shape)) {
      const { [field]: _left, ...rest } = least;
      if (recordLines(kind, Buffer.from(JSON.stringify(rest)), true).records === 1) least = rest;
    }
    const whole = recordLines(kind, Buffer.from(JSON.stringify(least)), true).text?.toString('utf8') ?? '';
    expect(isTaken(kind, whole)).toBe(true);
  });

  /** What breaks readers: quotes, spaces of all sorts, numbers in many forms, names that are there already. */
  const scraps = fc.constantFrom(
    ...[
      '"',
      '\\',
      ' ',
      '\\n',
      '\\u0000',
      '\\ud800',
      '\u00a0',
      '\u3000',
      '\ufeff',
      'é',
      '日本',
      '😀',
      '',
      ',',
      '}',
      '{',
      ']',
    ],
    ...[
      '0',
      '00',
      '-',
      '-0',
      '1.0',
      '1e5',
      '1e999',
      '9007199254740993',
      '0.1',
      '101',
      '1.5',
      'null',
      'true',
      '[]',
      '{}',
    ],
    ...[
      '"a"',
      '"model":"m",',
      '"extra":{"a":1,"a":2},',
      ',"notes":"twice"',
      '..',
      '.lock',
      '2026-02-29',
      '2024-02-29',
      '24:00',
      'x'.repeat(1_100),
    ],
  );
  const cut = fc.record({ at: fc.nat(), length: fc.constantFrom(0, 1, 1, 2, 5), scrap: scraps });
  const spoilt = fc.tuple(fc.constantFrom(...names), fc.array(cut, { minLength: 1, maxLength: 3 }));
  const seed = chooseSeed('MILLWRIGHT_PATTERN_SEED');
  const runs = Number(process.env.MILLWRIGHT_STORIES ?? 5_000);

  test(`is what the schema gives back, whatever was done to it (seed ${seed}).`, () => {
    let taken = 0;
    fc.assert(
      fc.property(spoilt, ([name, cuts]) => {
        const { kind, whole } = exampleOf(name);
        let line = whole.trimEnd();
        for (const { at, length, scrap } of cuts) {
          const place = at % line.length;
          line = line.slice(0, place) + scrap + line.slice(place + length);
        }
        if (!isTaken(kind, line)) return;
        taken += 1;
        const { text, records } = recordLines(kind, Buffer.from(line), true);
        expect(records).toBe(1);
        expect(JSON.parse(text?.toString('utf8') ?? '')).toEqual(JSON.parse(line));
      }),
      { seed, numRuns: runs * 2 },
    );
    // Some spoils do no harm, such as another letter: else nothing was tested.
    expect(taken).toBeGreaterThan(runs / 40);
  });

  /** Another value for one of the fields, in the right form of JSON. */
  const value = fc.oneof(
    fc.string(),
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.constantFrom(
      null,
      'accepted',
      ' x',
      'x ',
      '1.2.3',
      '2026-11-21T10:00:00Z',
      '2026-11-21T10:00:00.000Z',
      'x'.repeat(201),
      [],
      {},
      ['a'],
      [1],
      1e21,
      2 ** 53,
    ),
  );
  const changed = fc.tuple(fc.constantFrom(...names), fc.nat(), value);

  test(`is what the schema gives back, whatever a field says (seed ${seed}).`, () => {
    let taken = 0;
    fc.assert(
      fc.property(changed, ([name, which, other]) => {
        const { kind, whole } = exampleOf(name);
        const record = JSON.parse(whole) as Record<string, unknown>;
        const fields = Object.keys(record);
        const line = JSON.stringify({ ...record, [fields[which % fields.length] ?? 'id']: other });
        if (!isTaken(kind, line)) return;
        taken += 1;
        const { text, records } = recordLines(kind, Buffer.from(line), true);
        expect(records).toBe(1);
        expect(JSON.parse(text?.toString('utf8') ?? '')).toEqual(JSON.parse(line));
      }),
      { seed, numRuns: runs },
    );
    expect(taken).toBeGreaterThan(runs / 100);
  });
});
