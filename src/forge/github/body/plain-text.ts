/** Text as it comes back from GitHub or goes there: LF only, no controls, no blank ends. */
export function plainText(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replaceAll(/(?![\n\t])\p{Cc}/gu, '')
    .trim();
}
