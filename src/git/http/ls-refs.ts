import type { Oid } from '../repository.ts';
import { badAnswer } from './bad-answer.ts';
import { delimiterPkt, flushPkt, lineOf, pktLine, readPackets } from './pkt-line.ts';

/** The question of protocol version 2 for all refs that begin with one of these texts. */
export function lsRefsRequest(prefixes: readonly string[]): Buffer {
  const head = ['command=ls-refs', 'agent=millwright', 'object-format=sha1'];
  const wanted = prefixes.map((prefix) => `ref-prefix ${prefix}`);
  return Buffer.concat([...lines(head), delimiterPkt, ...lines(wanted), flushPkt]);
}

function lines(texts: readonly string[]): Buffer[] {
  return texts.map((text) => pktLine(`${text}\n`));
}

/** Names and targets of the answer. Throws `remote-failed`: a list that is cut short would look like deletions. */
export function readRefList(body: Uint8Array): Map<string, Oid> {
  const packets = readPackets(body);
  if (packets.pop() !== 'flush')
    throw badAnswer('the end of a list of refs', Buffer.from(body).subarray(-80));
  const refs = new Map<string, Oid>();
  for (const packet of packets) {
    const line = typeof packet === 'string' ? packet : lineOf(packet);
    const [, oid, ref] = /^([0-9a-f]{40}) ([^ ]+)(?: |$)/.exec(line) ?? [];
    if (oid !== undefined && ref !== undefined) refs.set(ref, oid);
    // A branch that HEAD names and that has no commit yet.
    else if (!line.startsWith('unborn ')) throw badAnswer('a list of refs', line);
  }
  return refs;
}

/** More refs than this are asked for by the folders that they are in. */
const MANY = 50;

/** What to ask for, so that the answer holds at least these refs. */
export function prefixesFor(refs: readonly string[]): string[] {
  if (refs.length <= MANY) return [...refs];
  return [...new Set(refs.map((ref) => ref.slice(0, ref.lastIndexOf('/') + 1)))];
}

/** True when the advertisement of a server is in protocol version 2. */
export function speaksVersion2(advertisement: Uint8Array): boolean {
  const packets = readPackets(advertisement);
  return packets.some((packet) => packet instanceof Buffer && lineOf(packet) === 'version 2');
}
