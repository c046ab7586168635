import { type GitRun, gitBytes } from '../program.ts';
import type { Oid } from '../repository.ts';
import { badAnswer } from './bad-answer.ts';
import { delimiterPkt, flushPkt, lineOf, type Packet, pktLine, readPackets } from './pkt-line.ts';
import { readBands } from './side-band.ts';

/** The question of protocol version 2 for these commits with their whole history. */
export function fetchRequest(wants: readonly Oid[]): Buffer {
  const head = ['command=fetch', 'agent=millwright', 'object-format=sha1'];
  const body = ['no-progress', 'ofs-delta', ...wants.map((oid) => `want ${oid}`), 'done'];
  return Buffer.concat([...lines(head), delimiterPkt, ...lines(body), flushPkt]);
}

function lines(texts: readonly string[]): Buffer[] {
  return texts.map((text) => pktLine(`${text}\n`));
}

/** The pack of an answer; undefined when a commit is no longer to be had. Throws `remote-failed`. */
export function readFetchedPack(body: Uint8Array): Buffer | undefined {
  const packets = readPackets(body);
  const start = packets.findIndex((packet) => isLine(packet, /^packfile$/));
  const refusal = packets.find((packet) => isLine(packet, /^ERR /));
  if (start === -1 && isLine(refusal, /not our ref/)) return undefined;
  if (start === -1) throw badAnswer('a pack', body);
  const { data, fatal } = readBands(packets.slice(start + 1));
  if (fatal !== undefined || !isPack(data)) throw badAnswer('a pack', fatal ?? data);
  return data;
}

function isLine(packet: Packet | undefined, shape: RegExp): boolean {
  return packet instanceof Buffer && shape.test(lineOf(packet));
}

/** With a header, and with the checksum at its end. */
function isPack(data: Buffer): boolean {
  return data.length >= 32 && data.toString('latin1', 0, 4) === 'PACK';
}

/**
 * Puts a pack into the repository, whole or not at all: unpacked one by one, a commit could be here without its
 * files when the disk fills up or the power goes. `git` checks it.
 */
export async function storePack(run: GitRun, pack: Buffer): Promise<void> {
  await gitBytes(['index-pack', '--stdin'], { ...run, input: pack });
}
