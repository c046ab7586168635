/** Stands unseen in every comment that Millwright writes. */
const MARKER = '<!-- millwright:comment -->';

export function isOurComment(body: string): boolean {
  return body.includes(MARKER);
}

export function ourComment(words: string): string {
  return `${words}\n\n${MARKER}`;
}
