import { narrowText } from './narrow-text.ts';

/**
 * How many cells of a terminal a text takes: 2 for East Asian wide characters and emoji, 0 for what sits on the
 * character before it. An emoji of several code points counts as one. Expects text without control characters.
 */
export function displayWidth(text: string): number {
  if (narrowText.test(text)) return text.length;
  let width = 0;
  for (const { segment } of clusters.segment(text)) width += clusterWidth(segment);
  return width;
}

const clusters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Shown as a picture by itself, or made one by the variation selector that follows. */
const EMOJI = /\p{Emoji_Presentation}|\p{Emoji}\ufe0f/u;
/** Marks, joiners, and the later parts of a Korean syllable. */
const NO_WIDTH =
  /[\p{Mn}\p{Me}\u200b-\u200d\u2060-\u2064\ufeff\u{e0000}-\u{e007f}\u1160-\u11ff\ud7b0-\ud7ff]/u;
/** East_Asian_Width W and F of Unicode, in blocks. */
const WIDE =
  /[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18cff}\u{1aff0}-\u{1b2ff}\u{1d300}-\u{1d376}\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}]/u;

function clusterWidth(cluster: string): number {
  if (EMOJI.test(cluster)) return 2;
  let width = 0;
  for (const character of cluster) width += NO_WIDTH.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}
