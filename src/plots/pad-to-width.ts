import { cutToWidth } from './cut-to-width.ts';
import { displayWidth } from './display-width.ts';

/** The text in exactly `width` cells of a terminal: filled with spaces, or cut with an ellipsis. */
export function padToWidth(text: string, width: number): string {
  const cut = cutToWidth(text, width);
  return cut + ' '.repeat(Math.max(0, width - displayWidth(cut)));
}
