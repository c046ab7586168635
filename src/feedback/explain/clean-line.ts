import { oneLine } from '../../contracts/issue.ts';

/** On one line, and without halves of characters, which no file can hold. */
export function cleanLine(text: string): string {
  const whole = text.replaceAll(
    /(?<![\ud800-\udbff])[\udc00-\udfff]|[\ud800-\udbff](?![\udc00-\udfff])/g,
    '',
  );
  return oneLine(whole).replaceAll(/\s+/g, ' ').trim();
}
