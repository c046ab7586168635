import { createHash } from 'node:crypto';
import { plainText } from './plain-text.ts';

/** A checksum of words that does not mind how a host keeps line ends. 16 hex digits. */
export function textSum(text: string): string {
  return createHash('sha256').update(plainText(text)).digest('hex').slice(0, 16);
}
