/**
 * Names in git are bytes; here they are text. A name that is not UTF-8 keeps its odd bytes as lone
 * surrogates (byte 0x80 + n is U+DC80 + n), so that reading it and writing it back gives the same bytes.
 */
export function decodePath(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  if (Buffer.from(text).equals(bytes)) return text;
  return bytes.toString('latin1').replaceAll(/[\x80-\xff]/g, (byte) => fromByte(byte.charCodeAt(0)));
}

/** The bytes that `decodePath` made this text from. */
export function encodePath(text: string): Buffer {
  if (isUtf8(text)) return Buffer.from(text);
  return Buffer.concat([...text].map((char) => Buffer.from(toByte(char) ?? char)));
}

/** True unless the name holds bytes that are not UTF-8: those fit in no argument of a program. */
export function isUtf8(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

/** The place of a repository path below an absolute folder, as the functions of `node:fs` take it. */
export function diskPath(root: string, path: string): string | Buffer {
  return isUtf8(path) ? `${root}/${path}` : Buffer.concat([Buffer.from(`${root}/`), encodePath(path)]);
}

const OFFSET = 0xdc00;

function fromByte(byte: number): string {
  return String.fromCharCode(OFFSET + byte);
}

function toByte(char: string): Uint8Array | undefined {
  const code = char.charCodeAt(0) - OFFSET;
  return char.length === 1 && code >= 0x80 && code <= 0xff ? Uint8Array.of(code) : undefined;
}
