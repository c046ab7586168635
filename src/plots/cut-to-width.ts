import { displayWidth } from './display-width.ts';
import { narrowText } from './narrow-text.ts';

const clusters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** The text when it takes at most `width` cells, else as much of its beginning as fits with an ellipsis. */
export function cutToWidth(text: string, width: number): string {
  if (width < 1) return '';
  if (narrowText.test(text)) return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
  let used = 0;
  let kept = '';
  // Ends where the width does, however long the text is.
  for (const { segment } of clusters.segment(text)) {
    used += displayWidth(segment);
    if (used > width) return `${kept}…`;
    if (used < width) kept += segment;
  }
  return text;
}
