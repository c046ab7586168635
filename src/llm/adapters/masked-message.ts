import { maskSecrets } from '../../contracts/secrets.ts';

const LONGEST_LOOK = 8_000;
const LONGEST = 500;

/**
 * What may be told of what a provider or a library says: one line, bounded, without the key, whatever its
 * shape, and without anything that looks like one.
 */
export function maskedMessage(text: string, key: string | undefined): string {
  const withoutKey = key === undefined || key === '' ? text : text.replaceAll(key, '[the key]');
  // Masked before it is cut: half a key does not look like one.
  const masked = maskSecrets(withoutKey.slice(0, LONGEST_LOOK));
  const line = masked.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}...` : line;
}
