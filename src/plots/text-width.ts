/** Widths of DejaVu Sans in thousandths of the font size, by the letters that share one, narrow to wide. */
const widths: readonly (readonly [RegExp, number])[] = [
  [/[ijlI'|]/, 300],
  [/[ .,:;/\\ft!()[\]-]/, 400],
  [/[rJ"*_z°]/, 500],
  [/[a-eghknopqsuvxy0-9$?A-FHKLPRSTVXYZ]/, 650],
  [/[GNOQUw#+<>=~&^]/, 840],
  [/[mMW@%]/, 1000],
];

/** How wide a text is, in pixels; a little more rather than less, so that nothing is cut off. */
export function textWidth(text: string, fontSize: number): number {
  let sum = 0;
  for (const letter of text) sum += letterWidth(letter);
  return (sum * fontSize) / 1000;
}

function letterWidth(letter: string): number {
  return widths.find(([letters]) => letters.test(letter))?.[1] ?? (letter < '\u1100' ? 750 : 1050);
}

/** The text, or as much of its beginning as fits into `pixels`, with an ellipsis. */
export function fitText(text: string, fontSize: number, pixels: number): string {
  if (textWidth(text, fontSize) <= pixels) return text;
  const letters = [...text];
  while (letters.length > 0 && textWidth(`${letters.join('')}…`, fontSize) > pixels) letters.pop();
  return `${letters.join('').trimEnd()}…`;
}
