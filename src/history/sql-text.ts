/** A text as an SQL literal. A NUL would end the statement. */
export function quoted(text: string): string {
  return `'${text.replaceAll('\0', ' ').replaceAll("'", "''")}'`;
}

/** A name as an SQL identifier. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
