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

/** As git's own `fetch.unpackLimit`: small packs become loose objects, so that packs do not pile up. */
const UNPACK_OBJECTS = 100;
/** What a pipe holds: all of it gets there, even when this process is killed right after the write. */
const UNPACK_BYTES = 65_536;

/** Puts a pack into the repository. `git` checks it. */
export async function storePack(run: GitRun, pack: Buffer): Promise<void> {
  const small = pack.readUInt32BE(8) < UNPACK_OBJECTS && pack.length < UNPACK_BYTES;
  await gitBytes(small ? ['unpack-objects', '-q'] : ['index-pack', '--stdin'], { ...run, input: pack });
}
