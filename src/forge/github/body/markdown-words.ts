/** Unseen; after it GitHub takes nothing for a name, a number or an address. */
const NOTHING = '\u200b';

/**
 * Text from outside as a part of one line: shown as it is, without any effect. Nobody is told, nothing is linked,
 * closed or drawn.
 */
export function markdownWords(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replaceAll(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
    .trim()
    .replaceAll(/[\\`*_{}[\]<>()#+!|~$&^=-]/g, '\\$&')
    .replaceAll(/(?<=^\d{1,9})[.)]/g, '\\$&')
    .replaceAll(/[@#:](?=\S)|www(?=\.)|\bGH(?=\\-)/gi, `$&${NOTHING}`);
}
