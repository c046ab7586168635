import { hash } from 'node:crypto';

/** What the index keeps of a record: its id, and a digest of everything but when and whence it came in. */
export interface LineFacts {
  readonly id: string;
  /** 52 bits. */
  readonly digest: number;
}

const ENVELOPE =
  /^\{"id":"([A-Za-z0-9._-]{1,100})","kind":"[a-z_]+","schema_version":(\d+),"recorded_at":"[^"\\]{1,40}","source":("(?:[^"\\]|\\.)*")/;

/**
 * Reads the facts off the text of a line as `toLine` writes it, without parsing the rest. Two lines with one
 * digest say the same; two with different ones may still do (another key order), so that is looked at closely.
 * @returns undefined for a line that was written by other means
 */
export function lineFacts(line: string, ownSource: boolean): LineFacts | undefined {
  const match = ENVELOPE.exec(line);
  if (match === null) return undefined;
  const [envelope, id = '', version, source] = match;
  return {
    id,
    // With the id: two ids that share a number must not pass for one record because they say the same.
    digest: shortHash(`${id} ${version}${ownSource ? source : ''}${line.slice(envelope.length).trimEnd()}`),
  };
}

/** The first 52 bits of a SHA-1: what fits a number without loss. */
export function shortHash(text: string): number {
  return Number.parseInt(hash('sha1', text).slice(0, 13), 16);
}
