/** What `trim` takes away from the ends of a text, as UTF-8 bytes read one by one. */
const SPACE =
  ' |\\xc2\\xa0|\\xe1\\x9a\\x80|\\xe2\\x80[\\x80-\\x8a\\xa8\\xa9\\xaf]|\\xe2\\x81\\x9f|\\xe3\\x80\\x80|\\xef\\xbb\\xbf|\\\\[bfnrt]';
const PLAIN = '[^"\\\\\\x00-\\x1f]';

/** Above this many characters a text is prose: its length is bounded by that of its line. */
const SHORT = 1_000;
/** A line that is no longer than this holds no prose that is too long. */
export const LONGEST_PLAIN_LINE = 10_000;

/**
 * A JSON string without spaces at its ends, as a pattern over latin1. Bytes are never fewer than characters, so
 * what is short enough in bytes is short enough. Escapes are looked for in prose alone; elsewhere they are rare.
 */
export function jsonText(least: number, most: number): string {
  const text = most <= SHORT ? `${PLAIN}{${least},${most}}` : `${PLAIN}*(?:\\\\["\\\\/bfnrt]${PLAIN}*)*`;
  return `"(?!"|${SPACE})${text}(?<!${SPACE})"`;
}
