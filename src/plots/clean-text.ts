/**
 * Text from data as one line that XML and a terminal can show: no control characters (they would steer a terminal,
 * and XML forbids them), no invisible format characters (they would turn the text around), no half characters.
 */
export function cleanText(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\p{Cf}\p{Variation_Selector}]/gu, '')
    .replace(/[\p{Cs}\p{Noncharacter_Code_Point}]/gu, '\ufffd');
}
