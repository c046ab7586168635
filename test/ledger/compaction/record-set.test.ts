import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalRecord } from '../../../src/ledger/compaction/canonical-record.ts';
import { hashLines } from '../../../src/ledger/compaction/hash-lines.ts';
import { joinSegments } from '../../../src/ledger/compaction/join-segments.ts';
import { RecordSet } from '../../../src/ledger/compaction/record-set.ts';

const factsOf = (...contents: readonly (string | Buffer)[]) => {
  const records = new RecordSet();
  for (const content of contents) records.add('path', hashLines(Buffer.from(content)));
  return records.facts();
};
const digestOf = (...contents: readonly (string | Buffer)[]) => factsOf(...contents).digest;
const canonical = (text: string | Buffer) => canonicalRecord(Buffer.from(text));

describe('the canonical text of a record', () => {
  test.each([
    ['{"b":1,"id":"x","a":{"d":[1,{"z":0,"y":0}],"c":null}}'],
    ['{ "id": "x", "a": { "c": null, "d": [1, {"y":0, "z":0.0}] }, "b": 1e0 }\r'],
    ['{"\\u0069d":"\\u0078","b":1,"a":{"c":null,"d":[1.0,{"y":0,"z":0}]}}'],
  ])('is one, however it is written: %s', (text) => {
    expect(canonical(text)).toBe('{"a":{"c":null,"d":[1,{"y":0,"z":0}]},"b":1,"id":"x"}');
  });

  test.each([
    ['cut off', '{"id":"x","a":'],
    ['without an id', '{"a":1}'],
    ['no object', '["id"]'],
    ['a mark of a merge', '<<<<<<< HEAD'],
    ['no text', Buffer.from([...Buffer.from('{"id":"x","a":"'), 0xff, ...Buffer.from('"}')])],
    ['nested without end', `{"id":"x","a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`],
  ])('is none for a line that is %s.', (_what, line) => {
    expect(canonical(line)).toBeUndefined();
  });

  test('keeps a field that has the name of a prototype.', () => {
    expect(canonical('{"id":"x","__proto__":{"a":1}}')).toBe('{"__proto__":{"a":1},"id":"x"}');
  });
});

describe('the digest of a set of records', () => {
  const a = '{"id":"a"}\n';
  const b = '{"id":"b"}\n';

  test('is the SHA-256 over the sorted halves of the SHA-256 of canonical records.', () => {
    const half = (text: string) => createHash('sha256').update(text).digest().subarray(0, 16);
    const halves = [half('{"id":"a"}'), half('{"id":"b"}'), half('garbage')].sort(Buffer.compare);
    const wanted = createHash('sha256').update(Buffer.concat(halves)).digest('hex');
    expect(factsOf(`${b}garbage\n`, '{ "id": "a" }')).toEqual({ records: 2, unreadable: 1, digest: wanted });
  });

  test('comes with the places of the lines that are no records.', () => {
    const records = new RecordSet();
    records.add('one', hashLines(Buffer.from(`${a}\n\ncut\n${b}`)));
    records.add('two', hashLines(Buffer.from('x'.repeat(1_000))));
    expect(records.bad).toEqual([
      { path: 'one', line: 4, found: 'cut' },
      { path: 'two', line: 1, found: 'x'.repeat(80) },
    ]);
  });

  test('does not depend on order, on segments, on empty lines or on the last line end.', () => {
    const digest = digestOf(a, b);
    expect(digestOf(b, a)).toBe(digest);
    expect(digestOf(`${a}${b}`)).toBe(digest);
    expect(digestOf(`\n\n${b}\n${a.trimEnd()}`)).toBe(digest);
  });

  test('changes with whatever is lost, added, doubled, changed or glued together.', () => {
    const wrong = [
      digestOf(a),
      digestOf(a, b, b),
      digestOf(a, a),
      digestOf(b, b),
      digestOf(a, b, a, b),
      digestOf(a, '{"id":"B"}\n'),
      digestOf(a, b, 'x\n'),
      digestOf(a, b, 'y\n'),
      digestOf(a, b, Buffer.from([0xff])),
      digestOf(a, b, Buffer.from([0xfe])),
      digestOf(`${a.trimEnd()}${b}`),
      digestOf(),
    ];
    expect(new Set([digestOf(a, b), ...wrong]).size).toBe(wrong.length + 1);
  });
});

describe('segments that are joined', () => {
  const line = fc.oneof(
    fc.constantFrom('{"id":"a"}', '{"id":"b"}\r', 'cut {"id":', '', ' ', '日本'),
    fc
      .uint8Array({ maxLength: 6 })
      .map((bytes) => Buffer.from(bytes).toString('latin1').replaceAll('\n', '')),
  );
  const segment = fc
    .tuple(fc.array(line, { maxLength: 5 }), fc.boolean())
    .map(([lines, ended]) =>
      Buffer.from(lines.join('\n') + (ended && lines.length > 0 ? '\n' : ''), 'latin1'),
    );
  /** The lines of a text; what follows the last line end is one only if there is something. */
  const linesOf = (content: Buffer) => {
    const lines = content.toString('latin1').split('\n');
    return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
  };

  test('have the lines of their parts, byte for byte and in order, and the same digest.', () => {
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 5 }), (parts) => {
        const joined = joinSegments(parts);
        expect(linesOf(joined)).toEqual(parts.flatMap(linesOf));
        expect(factsOf(joined)).toEqual(factsOf(...parts));
        expect(joined.length === 0 || joined.at(-1) === 10).toBe(true);
        expect(joinSegments([joined]).equals(joined)).toBe(true);
      }),
    );
  });
});
