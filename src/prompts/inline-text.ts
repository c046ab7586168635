import { oneLine } from '../contracts/issue.ts';

/** A short text from outside within a sentence: on one line, so that it starts no heading and no fence. */
export function inlineText(text: unknown): string {
  return oneLine(String(text ?? ''))
    .replaceAll('`', "'")
    .trim();
}
