import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MillwrightError } from '../../../src/contracts/millwright-error.ts';
import { readFetchedPack } from '../../../src/git/http/fetch-pack.ts';
import { readRefList, speaksVersion2 } from '../../../src/git/http/ls-refs.ts';
import { delimiterPkt, flushPkt, pktLine, readPackets } from '../../../src/git/http/pkt-line.ts';
import { readPushReport } from '../../../src/git/http/receive-pack.ts';

describe('packets', () => {
  test('are read as they were written, with the marks between them.', () => {
    const packet = fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map((bytes) => [pktLine(bytes), Buffer.from(bytes)] as const),
      fc.constant([flushPkt, 'flush'] as const),
      fc.constant([delimiterPkt, 'delimiter'] as const),
    );
    fc.assert(
      fc.property(fc.array(packet), (packets) => {
        const wire = Buffer.concat(packets.map(([bytes]) => bytes));
        expect(readPackets(wire)).toEqual(packets.map(([, meaning]) => meaning));
      }),
    );
  });

  test.each([
    ['0006a\n', ['a\n']],
    ['0004', ['']],
    ['0009done\n0002', ['done\n', 'response-end']],
  ])('have their length in front, as git writes it: %j', (wire, expected) => {
    const found = readPackets(Buffer.from(wire)).map(String);
    expect(found).toEqual(expected);
  });

  test.each(['0003', 'zzzz', '00', '000', '0006a', '0x06ab', '+006ab', ' 006ab', '<!doctype html>'])(
    'that are none, or cut short, are an error: %j',
    (wire) => {
      expect(() => readPackets(Buffer.from(wire))).toThrow(MillwrightError);
    },
  );

  test('have a longest one.', () => {
    expect(readPackets(pktLine(Buffer.alloc(65_516)))).toHaveLength(1);
    expect(() => pktLine(Buffer.alloc(65_517))).toThrow(MillwrightError);
  });
});

describe('an answer that makes no sense', () => {
  const readers = { readPackets, readPushReport, readRefList, readFetchedPack, speaksVersion2 };
  const garbage = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc
      .array(fc.oneof(fc.string(), fc.uint8Array({ maxLength: 40 }), fc.constantFrom('ok x', 'ng', '\u0001')))
      .map((payloads) => Buffer.concat([...payloads.map((payload) => pktLine(payload)), flushPkt])),
  );

  test.each(Object.entries(readers))('is never more than an error of ours: %s', (_, read) => {
    fc.assert(
      fc.property(garbage, (bytes) => {
        try {
          read(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(MillwrightError);
        }
      }),
    );
  });
});
