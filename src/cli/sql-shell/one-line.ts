/** A statement of several lines as one entry of the line editor; nothing when joining them would change what it says. */
export function oneLine(lines: readonly string[]): string | undefined {
  if (lines.length === 1) return lines[0];
  return lines.every(mayBeJoined) ? lines.map((line) => line.trim()).join(' ') : undefined;
}

/** A comment would swallow the lines after it, and a text over several lines would lose its line ends. */
function mayBeJoined(line: string): boolean {
  const quotes = line.split("'").length + line.split('"').length;
  return quotes % 2 === 0 && !line.includes('--') && !line.includes('$');
}
