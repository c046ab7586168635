import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findKind } from '../../src/contracts/kinds.ts';
import { contentDigest, type Entry, toEntry, toLine } from '../../src/contracts/record.ts';
import { lineFacts } from '../../src/contracts/record-line.ts';
import { fullExamples } from './full-examples.ts';

const recordedAt = new Date('2026-11-21T08:30:00.000Z');

function entryOf(kindName: string, more: Readonly<Record<string, unknown>> = {}): Entry {
  const kind = findKind(kindName);
  if (kind === undefined) throw new Error(`no kind ${kindName}`);
  const { id, ...fields } = { ...fullExamples[kindName], ...more };
  return toEntry({ id: String(id), kind, source: String(more.source ?? 'inbox/x.json'), fields }, recordedAt);
}

function digest(entry: Entry): string {
  return contentDigest(entry, findKind(entry.kind));
}

/** The same data with the keys of every object in another order. */
function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reordered(inner)]),
  );
}

describe('the digest of a record', () => {
  test.each(Object.keys(fullExamples))(
    'of the kind %s does not depend on the order of fields, nor on the trip through a line.',
    (kind) => {
      const entry = entryOf(kind);
      expect(digest(reordered(entry) as Entry)).toBe(digest(entry));
      expect(digest(JSON.parse(toLine(entry)) as Entry)).toBe(digest(entry));
    },
  );

  test.each(Object.keys(fullExamples))(
    'of the kind %s changes with every field, but not with when and whence it came.',
    (kind) => {
      const entry = entryOf(kind);
      const ownSource = kind === 'research_signal';
      for (const field of Object.keys(entry)) {
        const changed = { ...entry, [field]: 'something else' };
        const ignored = field === 'recorded_at' || (field === 'source' && !ownSource);
        expect(digest(changed) === digest(entry), field).toBe(ignored);
      }
    },
  );

  test('tells lists in another order, and texts that look like other values, apart.', () => {
    const value = fc.jsonValue();
    fc.assert(
      fc.property(value, value, (one, other) => {
        const same =
          JSON.stringify(one) === JSON.stringify(other) || digestOf(one) === digestOf(reordered(other));
        expect(digestOf(one) === digestOf(other)).toBe(same);
      }),
    );
    expect(digestOf([1, 2])).not.toBe(digestOf([2, 1]));
    expect(digestOf('1')).not.toBe(digestOf(1));
    expect(digestOf({ a: null })).not.toBe(digestOf({}));
    expect(digestOf({ a: undefined })).toBe(digestOf({}));
  });

  function digestOf(extra: unknown): string {
    return digest({ ...entryOf('outcome'), extra });
  }
});

describe('the facts of a line', () => {
  test.each(Object.keys(fullExamples))(
    'of the kind %s are read off its text, and differ as the content does.',
    (kind) => {
      const ownSource = kind === 'research_signal';
      const facts = (more: Readonly<Record<string, unknown>>) =>
        lineFacts(toLine(entryOf(kind, more)), ownSource);
      const plain = facts({});
      expect(plain?.id).toBe(fullExamples[kind]?.id);
      expect(facts({ source: 'another "place"\n\\' })?.digest === plain?.digest).toBe(!ownSource);
      expect(facts({ id: 'another' })?.digest).not.toBe(plain?.digest);
      expect(facts({ extra: { other: 1 } })?.digest).not.toBe(plain?.digest);
    },
  );

  test('do not depend on when it was recorded, nor on its line end.', () => {
    const line = toLine(entryOf('outcome'));
    const later = line.replace('2026-11-21T08:30:00.000Z', '2027-01-01T00:00:00.000Z');
    for (const variant of [later, line.trimEnd(), `${line.trimEnd()}\r\n`])
      expect(lineFacts(variant, false)).toEqual(lineFacts(line, false));
  });

  test('are not given for a line that others wrote.', () => {
    for (const line of [
      '',
      '{}',
      '{"id":"a"}',
      'garbage',
      '{"kind":"outcome","id":"a"}',
      ' {"id":"a","kind":"outcome"',
    ])
      expect(lineFacts(line, false)).toBeUndefined();
  });
});

test('a record is one line, whatever its texts hold, and starts with its envelope.', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (notes) => {
      const line = toLine(entryOf('outcome', { notes: `${notes}\n\r\u2028` }));
      expect(line.indexOf('\n')).toBe(line.length - 1);
      expect(line).toMatch(
        /^\{"id":"outcome-1","kind":"outcome","schema_version":1,"recorded_at":"2026-11-21T08:30:00.000Z","source":/,
      );
    }),
  );
});
