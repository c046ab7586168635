import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';

/**
 * Ids that Millwright makes are ULIDs in lower case: 10 characters of time (48 bits, ms),
 * then 16 characters of randomness (80 bits), in Crockford's base 32. They sort by time.
 */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** Ids from outside are kept when they are safe as a file name, a ref name and a URL segment. */
export const ID_PATTERN = /^(?!.*\.\.)(?!.*\.lock$)[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9_-])?$/;

export const idSchema = z
  .string()
  .regex(ID_PATTERN, 'expected 1 to 100 letters, digits, ".", "_" or "-", starting with a letter or digit');

/** A fresh id for something that happens at `at`. */
export function newId(at: Date): string {
  return encodeTime(at.getTime()) + encodeBytes(randomBytes(10));
}

/** The same parts at the same time give the same id: for computed ids of imports and findings. */
export function derivedId(at: Date, parts: readonly string[]): string {
  const hash = createHash('sha256').update(JSON.stringify(parts)).digest();
  return encodeTime(at.getTime()) + encodeBytes(hash.subarray(0, 10));
}

/**
 * An id that shows its key: the time, then the parts. It reads well in evidence, and where there are a million
 * of them it costs the repository next to nothing, which a hash does not. Parts that are no safe text, or are
 * too long, or would be ambiguous, give a hashed id.
 */
export function keyedId(at: Date, kind: string, parts: readonly string[]): string {
  const id = [encodeTime(at.getTime()), ...parts].join('--');
  const clear = parts.every((part) => /^[A-Za-z0-9._-]+$/.test(part) && !/--|^-|-$/.test(part));
  return clear && ID_PATTERN.test(id) ? id : derivedId(at, [kind, ...parts]);
}

/** A short content hash, in hexadecimal, for keys that people read. */
export function contentKey(value: unknown, length = 12): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, length);
}

/** The time inside an id of ours; the beginning of time for an id from outside. */
export function idTime(id: string): Date {
  const digits = [...id.slice(0, 10)].map((letter) => ALPHABET.indexOf(letter));
  const ours = (id.length === 26 || id.startsWith('--', 10)) && !digits.includes(-1);
  return new Date(ours ? digits.reduce((sum, digit) => sum * 32 + digit, 0) : 0);
}

function encodeTime(ms: number): string {
  let rest = Math.min(Math.max(0, Math.floor(ms)), 2 ** 48 - 1);
  let text = '';
  for (let i = 0; i < 10; i += 1) {
    text = ALPHABET.charAt(rest % 32) + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

/** Five bits a character, most significant first. */
function encodeBytes(bytes: Uint8Array): string {
  let text = '';
  let buffer = 0;
  let bits = 0;
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET.charAt((buffer >> bits) & 31);
    }
    buffer &= 255;
  }
  return text;
}
