import { maskSecrets } from '../../contracts/secrets.ts';
import { foreign } from '../../runner/loop/report-text.ts';
import { codeSpan } from './code-span.ts';

const LONGEST = 400;
const command = /^(?:millwright|git|npm|npx) [a-z]/;
/** Ids, branches and paths, standing alone. */
const name = /(?<=^|[\s,;:(])[A-Za-z0-9][\w./-]*[A-Za-z0-9](?=$|[\s,;:).])/g;

/**
 * A sentence for a summary. Texts of others in it do nothing; names that would have to be taken apart for that, such
 * as the id of a proposal, are code instead, and so is a hint that is a command: people copy them.
 */
export function summaryWords(text: string): string {
  const line = maskSecrets(text.slice(0, 10_000)).replaceAll(/\s+/g, ' ').trim();
  if (command.test(line)) return codeSpan(line, LONGEST);
  const letters = [...line];
  const shown = letters.length <= LONGEST ? line : `${letters.slice(0, LONGEST - 1).join('')}…`;
  const names = [...shown.matchAll(name)].filter(([word]) => foreign(word, LONGEST) !== word);
  const ends = names.map(({ 0: word, index }) => index + word.length);
  const parts = names.map(
    ({ 0: word, index }, at) => `${around(shown.slice(ends[at - 1] ?? 0, index))}${codeSpan(word, LONGEST)}`,
  );
  return `${parts.join('')}${around(shown.slice(ends.at(-1) ?? 0))}`;
}

/** With the blank at either end, which parts the words from the code. */
function around(text: string): string {
  const blank = (has: boolean) => (has ? ' ' : '');
  const inner = foreign(text, LONGEST);
  if (inner === '') return blank(text !== '');
  return `${blank(text.startsWith(' '))}${inner}${blank(text.endsWith(' '))}`;
}
