/**
 * Text from outside in a form that a terminal shows and never obeys: control characters as their pictures, and as a
 * replacement character what else would break a line or turn the direction of the text around.
 */
export function visibleText(text: string): string {
  return PLAIN.test(text) ? text : text.replaceAll(HARMFUL, picture);
}

const PLAIN = /^[\u0020-\u007e]*$/;
const HARMFUL = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const DELETE = 0x7f;

function picture(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === DELETE ? '\u2421' : '\ufffd';
}
