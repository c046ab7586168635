/** A word that a shell takes as it stands, whatever it holds. For commands that are shown to people, never for running. */
export function shellWord(text: string): string {
  if (/^[\w./@%+:,][\w./@%+:,-]*$/.test(text)) return text;
  return `'${text.replaceAll("'", "'\\''")}'`;
}
