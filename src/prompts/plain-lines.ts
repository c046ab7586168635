/**
 * Several lines from outside as they are, except that none of them opens a heading or a fence: what follows
 * them in a prompt stays what it is.
 */
export function plainLines(text: string): string {
  return text
    .replaceAll(/\r\n?|[\u2028\u2029]/g, '\n')
    .replaceAll(/[^\P{Cc}\n\t]/gu, ' ')
    .replaceAll(/`{3,}|~{3,}/g, "'''")
    .replaceAll(/^(\s*)(?=#{1,6}(?:\s|$)|(?:=+|-+)\s*$)/gm, '$1\\')
    .trim();
}
