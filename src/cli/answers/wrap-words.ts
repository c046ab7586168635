import { cutToWidth } from '../../plots/cut-to-width.ts';
import { displayWidth } from '../../plots/display-width.ts';

/** Breaks a sentence between words so that no line takes more than `width` cells. Ends with a line end. */
export function wrapWords(text: string, width: number | undefined): string {
  if (width === undefined) return `${text}\n`;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && displayWidth(longer) > width) lines.push(line);
    line = line !== '' && displayWidth(longer) > width ? word : longer;
  }
  return [...lines, line].map((each) => `${cutToWidth(each, width)}\n`).join('');
}
