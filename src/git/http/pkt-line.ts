import { MillwrightError } from '../../contracts/millwright-error.ts';
import { badAnswer } from './bad-answer.ts';

/** The payload of a packet, or a mark between groups of packets. */
export type Packet = Buffer | 'flush' | 'delimiter' | 'response-end';

export const flushPkt: Buffer = Buffer.from('0000');
export const delimiterPkt: Buffer = Buffer.from('0001');

/** The longest packet of the protocol, with its length of four digits. */
const LONGEST = 65_520;

/** One packet. Format: gitprotocol-common of the git documentation. */
export function pktLine(payload: string | Uint8Array): Buffer {
  const length = 4 + Buffer.byteLength(payload);
  if (length > LONGEST)
    throw new MillwrightError('unsafe-ref', `a line of ${length} bytes is too long for git`);
  const digits = Buffer.from(length.toString(16).padStart(4, '0'));
  return Buffer.concat([digits, Buffer.from(payload as Uint8Array)]);
}

/** All packets of an answer that has arrived. Throws `remote-failed`. */
export function readPackets(answer: Uint8Array): Packet[] {
  const bytes = Buffer.from(answer.buffer, answer.byteOffset, answer.byteLength);
  const packets: Packet[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = lengthAt(bytes, at);
    packets.push(marks[length] ?? bytes.subarray(at + 4, at + length));
    at += Math.max(length, 4);
  }
  return packets;
}

const marks: readonly (Packet | undefined)[] = ['flush', 'delimiter', 'response-end'];

function lengthAt(bytes: Buffer, at: number): number {
  const digits = bytes.toString('latin1', at, at + 4);
  const length = /^[0-9a-fA-F]{4}$/.test(digits) ? Number.parseInt(digits, 16) : 3;
  if (length === 3) throw badAnswer('the length of a packet', bytes.subarray(at));
  if (at + length > bytes.length) throw badAnswer(`a packet of ${length} bytes`, bytes.subarray(at));
  return length;
}

/** A payload as text, without the line end that may be there. */
export function lineOf(packet: Buffer): string {
  const text = packet.toString('utf8');
  return text.endsWith('\n') ? text.slice(0, -1) : text;
}
