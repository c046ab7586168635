import { badAnswer } from './bad-answer.ts';
import type { Packet } from './pkt-line.ts';

/** What came on the bands of an answer. */
export interface Bands {
  readonly data: Buffer;
  /** Lines of hooks and of the server, without empty ones. */
  readonly words: readonly string[];
  /** The server gave up, for this reason. */
  readonly fatal: string | undefined;
}

/** Takes the bands apart: 1 is data, 2 are words for people, 3 is a last word. Throws `remote-failed`. */
export function readBands(packets: readonly Packet[]): Bands {
  const bands: [Buffer[], Buffer[], Buffer[]] = [[], [], []];
  for (const packet of packets) {
    if (!(packet instanceof Buffer) || packet.length === 0) continue;
    const band = bands[(packet[0] ?? 0) - 1];
    if (band === undefined) throw badAnswer('a band from 1 to 3', packet);
    band.push(packet.subarray(1));
  }
  const [data, words, fatal] = bands;
  const last = linesOf(fatal).join(' ');
  return { data: Buffer.concat(data), words: linesOf(words), fatal: last === '' ? undefined : last };
}

/** Progress is redrawn with carriage returns. */
function linesOf(chunks: readonly Buffer[]): string[] {
  const lines = Buffer.concat(chunks)
    .toString('utf8')
    .split(/[\r\n]+/);
  return lines.map((line) => line.trim()).filter((line) => line !== '');
}
