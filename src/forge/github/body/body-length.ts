/** The most characters that a title and a body may have. */
export const LONGEST_TITLE = 256;
export const LONGEST_BODY = 65_536;

/**
 * How long GitHub may find a text. It counts characters; here one outside the basic plane, such as an emoji, counts
 * as two, and so does the end of a line, which is kept as two. What fits by this count is never refused.
 */
export function bodyLength(text: string): number {
  return text.length + (text.split('\n').length - 1);
}
