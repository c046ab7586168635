const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]/u;

/** How many columns of a terminal a text takes: letters of East Asia and emoji take two, combining marks none. */
export function displayWidth(text: string): number {
  let columns = 0;
  for (const letter of text) columns += letterColumns(letter);
  return columns;
}

function letterColumns(letter: string): number {
  if (/\p{M}/u.test(letter)) return 0;
  return WIDE.test(letter) ? 2 : 1;
}

/** The text in exactly `columns` columns: filled with spaces, or cut with an ellipsis. */
export function fitColumns(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text + ' '.repeat(columns - displayWidth(text));
  let [kept, used] = ['', 0];
  for (const letter of text) {
    const next = used + letterColumns(letter);
    if (next > columns - 1) break;
    kept += letter;
    used = next;
  }
  return columns < 1 ? '' : `${kept}…${' '.repeat(columns - 1 - used)}`;
}
