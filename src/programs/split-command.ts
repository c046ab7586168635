import { MillwrightError } from '../contracts/millwright-error.ts';

type Quote = '"' | "'";

/**
 * A command as people write it, as the list of its words: blanks separate, single quotes keep everything,
 * double quotes keep everything but `\"` and `\\`, a backslash keeps the next sign. No shell is involved: there
 * are no variables, patterns, pipes or redirections.
 * Throws `usage` for a quote that is never closed and for a command without words.
 */
export function splitCommand(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote: Quote | undefined;
  const signs = [...text];
  for (let at = 0; at < signs.length; at += 1) {
    const sign = signs[at] ?? '';
    const next = signs[at + 1];
    if (escapes(sign, next, quote)) {
      if (next === undefined) throw badCommand(text, 'something after the last backslash', 'the end');
      word = (word ?? '') + next;
      at += 1;
    } else if (quote !== undefined) {
      if (sign === quote) quote = undefined;
      else word = (word ?? '') + sign;
    } else if (sign === '"' || sign === "'") {
      quote = sign;
      word ??= '';
    } else if (/\s/.test(sign)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + sign;
  }
  if (quote !== undefined) throw badCommand(text, `a closing ${quote}`, 'the end');
  if (isShell(text)) throw noShell(text);
  if (word !== undefined) words.push(word);
  return checked(text, words);
}

function escapes(sign: string, next: string | undefined, quote: Quote | undefined): boolean {
  if (sign !== '\\' || quote === "'") return false;
  return quote === undefined || next === '"' || next === '\\';
}

function checked(text: string, words: readonly string[]): string[] {
  if ((words[0] ?? '') === '') throw badCommand(text, 'the name of a program', 'nothing');
  if (text.includes('\0')) throw badCommand(text, 'text', 'a byte of zero');
  return [...words];
}

/** Outside of quotes a sign of the shell would be passed on as a word, and what follows it never be run. */
function isShell(text: string): boolean {
  const bare = text.replaceAll(/\\.|'[^']*'|"(?:\\.|[^"\\])*"/gs, 'x');
  return /(?:^|\s)(?:&&|\|\|?|;|&|[0-9]?>{1,2}|<)(?:\s|$)|;\s|;$/.test(bare);
}

function noShell(text: string): MillwrightError {
  return new MillwrightError(
    'usage',
    `the command ${JSON.stringify(text)}: expected one program with its arguments, found signs of a shell`,
    { hint: "no shell runs it; where one is wanted: sh -c 'first && second'" },
  );
}

function badCommand(text: string, expected: string, found: string): MillwrightError {
  return new MillwrightError(
    'usage',
    `the command ${JSON.stringify(text)}: expected ${expected}, found ${found}`,
    {
      hint: 'quote as in a shell: single or double quotes, or a backslash; nothing is expanded',
    },
  );
}
