import { rejection } from '../push-answer.ts';
import type { RefUpdate, RefVerdict } from '../ref-transport.ts';
import type { Oid } from '../repository.ts';
import { badAnswer } from './bad-answer.ts';
import { flushPkt, lineOf, type Packet, pktLine, readPackets } from './pkt-line.ts';
import { readBands } from './side-band.ts';

/** Never `atomic`: one taken ref must not fail its neighbours. */
const capabilities = 'report-status side-band-64k delete-refs object-format=sha1 agent=millwright';

const ZERO: Oid = '0'.repeat(40);

/**
 * The body of a push. The old id of each line is compared by the server under its lock of that ref.
 * @param pack undefined only when every update deletes
 */
export function pushRequest(updates: readonly RefUpdate[], pack: Buffer | undefined): Buffer {
  const lines = updates.map(({ ref, expected, next }, at) =>
    pktLine(`${expected ?? ZERO} ${next ?? ZERO} ${ref}${at === 0 ? `\0 ${capabilities}` : ''}`),
  );
  return Buffer.concat([...lines, flushPkt, ...(pack === undefined ? [] : [pack])]);
}

/** What the server said about a push. */
export interface PushReport {
  /** By ref. A ref that the server did not name is not in it. */
  readonly verdicts: ReadonlyMap<string, RefVerdict>;
  /** Undefined: the pack was taken, or nothing was said of it. */
  readonly unpackError: string | undefined;
  /** Lines of hooks and of the server. */
  readonly words: readonly string[];
}

/** Reads `report-status`, on a band of its own or plain. Throws `remote-failed` for anything else. */
export function readPushReport(body: Uint8Array): PushReport {
  const packets = readPackets(body);
  const { report, words } = hasBands(packets) ? onBands(packets) : { report: packets, words: [] };
  const lines = report.filter(isBuffer).map(lineOf);
  const verdicts = new Map<string, RefVerdict>();
  let unpackError: string | undefined;
  for (const line of lines) {
    const [, what = '', rest = ''] = /^(ok|ng|unpack|option|ERR) (.+)$/s.exec(line) ?? [];
    if (what === '') throw badAnswer('the report of a push', line);
    if (what === 'ERR') words.push(rest);
    if (what === 'unpack' && rest !== 'ok') unpackError = rest;
    if (what === 'ok' && !verdicts.has(rest)) verdicts.set(rest, { result: 'moved' });
    if (what === 'ng') verdicts.set(...refusalOf(rest));
  }
  return { verdicts, unpackError, words };
}

function isBuffer(packet: Packet): packet is Buffer {
  return packet instanceof Buffer;
}

/** A report begins with letters, a band with its number. */
function hasBands(packets: readonly Packet[]): boolean {
  const first = packets.find(isBuffer);
  return first !== undefined && (first[0] ?? 0) < 0x20;
}

function onBands(packets: readonly Packet[]): { report: Packet[]; words: string[] } {
  const { data, words, fatal } = readBands(packets);
  return { report: readPackets(data), words: fatal === undefined ? [...words] : [...words, fatal] };
}

/** A name of a ref has no blanks. This push has been seen by the server once. */
function refusalOf(rest: string): [string, RefVerdict] {
  const [, ref = rest, reason = 'no reason given'] = /^([^ ]+) (.*)$/s.exec(rest) ?? [];
  const verdict = rejection(reason);
  return [ref, verdict.result === 'lost' ? { ...verdict, certain: true } : verdict];
}
