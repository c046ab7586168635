import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MillwrightError } from '../../../src/contracts/millwright-error.ts';
import { flushPkt, pktLine, readPackets } from '../../../src/git/http/pkt-line.ts';
import { pushRequest, readPushReport } from '../../../src/git/http/receive-pack.ts';

const a = 'a'.repeat(40);
const b = 'b'.repeat(40);
const zeros = '0'.repeat(40);

describe('a push', () => {
  test('names old and new of every ref, says once what it can, and ends with the pack.', () => {
    const updates = [
      { ref: 'refs/x/é', expected: null, next: a },
      { ref: 'refs/x/b', expected: a, next: b },
      { ref: 'refs/x/c', expected: b, next: null },
    ];
    const body = pushRequest(updates, Buffer.from('PACK'));
    const lines = readPackets(body.subarray(0, -4)).map(String);
    expect(body.subarray(-4).toString()).toBe('PACK');
    expect(lines).toEqual([
      `${zeros} ${a} refs/x/é\0 report-status side-band-64k delete-refs object-format=sha1 agent=millwright`,
      `${a} ${b} refs/x/b`,
      `${b} ${zeros} refs/x/c`,
      'flush',
    ]);
    expect(String(lines)).not.toContain('atomic');
  });
});

describe('the report of a push', () => {
  const report = (...lines: string[]) =>
    Buffer.concat([...lines.map((line) => pktLine(`${line}\n`)), flushPkt]);

  test('is read with and without bands, wherever the bands are cut.', () => {
    const ref = fc.stringMatching(/^refs\/[a-zé]{1,12}$/);
    const status = fc.oneof(
      fc.constant('ok'),
      fc.constant('reference already exists'),
      fc.constant('hook declined'),
    );
    const statuses = fc.uniqueArray(fc.tuple(ref, status), { minLength: 1, selector: ([name]) => name });
    fc.assert(
      fc.property(statuses, fc.array(fc.nat({ max: 400 })), (all, cuts) => {
        const lines = all.map(([name, said]) => (said === 'ok' ? `ok ${name}` : `ng ${name} ${said}`));
        const plain = report('unpack ok', ...lines);
        const read = readPushReport(onBands(plain, cuts));
        expect([...read.verdicts].map(([name, { result }]) => [name, result])).toEqual(
          all.map(([name, said]) => [name, meaning[said]]),
        );
        expect(readPushReport(plain).verdicts).toEqual(read.verdicts);
        expect(read.words).toEqual(cuts.length === 0 ? [] : ['not on a Friday']);
      }),
    );
  });

  test('is certain about a race that was lost.', () => {
    const { verdicts } = readPushReport(report('unpack ok', 'ng refs/x failed to update ref', 'ng refs/y'));
    expect(verdicts.get('refs/x')).toEqual({ result: 'lost', detail: 'failed to update ref', certain: true });
    expect(verdicts.get('refs/y')).toMatchObject({ result: 'refused' });
  });

  test('says when the pack was not taken, and the last word of a server that gave up.', () => {
    expect(readPushReport(report('unpack index-pack abnormal exit')).unpackError).toBe(
      'index-pack abnormal exit',
    );
    const fatal = Buffer.concat([pktLine('\u0003out of memory'), flushPkt]);
    expect(readPushReport(fatal)).toMatchObject({ words: ['out of memory'], unpackError: undefined });
    expect(readPushReport(report('ERR no such repository')).words).toEqual(['no such repository']);
  });

  test.each(['0009<ht>\n0000', '0008okay'])('that is none is an error: %j', (body) => {
    expect(() => readPushReport(Buffer.from(body))).toThrow(MillwrightError);
  });
});

const meaning: Readonly<Record<string, string>> = {
  ok: 'moved',
  'reference already exists': 'lost',
  'hook declined': 'refused',
};

/** The report on band 1, cut at these places, with words on band 2 in between. */
function onBands(plain: Buffer, cuts: readonly number[]): Buffer {
  const places = [0, ...cuts.map((cut) => cut % plain.length).sort((x, y) => x - y), plain.length];
  const parts = places.slice(1).map((end, at) => plain.subarray(places[at], end));
  const data = parts.map((part) => pktLine(Buffer.concat([Buffer.from([1]), part])));
  const words = cuts.length === 0 ? [] : [pktLine('\u0002not on a Fri'), pktLine('\u0002day\n')];
  return Buffer.concat([...words.slice(0, 1), ...data, ...words.slice(1), flushPkt]);
}
