import { maskSecrets } from '../../../contracts/secrets.ts';

const LONGEST_LOOK = 8_000;

/**
 * What may be told of the words of a server: one line, at most `most` characters, without the token and without
 * anything that looks like a secret. Characters that hide or turn text around are left out.
 */
export function told(words: string, token: string, most = 300): string {
  // Masked before it is cut: half a token does not look like one.
  const masked = maskSecrets(words.slice(0, LONGEST_LOOK).replaceAll(token, '[the token]'));
  const line = masked
    .replace(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\p{Cf}\p{Surrogate}\p{Co}]/gu, '')
    .trim();
  const characters = [...line];
  return characters.length > most ? `${characters.slice(0, most).join('')}...` : line;
}
