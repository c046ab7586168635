import { maskSecrets } from '../../contracts/secrets.ts';
import { foreign } from '../../runner/loop/report-text.ts';

const LONGEST = 200;

/**
 * A name or a command as code of markdown, on one line: people copy it, so nothing is put into it. The fence is longer
 * than any run of backticks inside. What a table would split at its bars is shown as text.
 */
export function codeSpan(text: string, longest = LONGEST): string {
  const line = maskSecrets(text.slice(0, 10_000))
    .replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .trim();
  if (line === '' || /[|\\]/.test(line)) return foreign(text, longest);
  const letters = [...line];
  const shown = letters.length <= longest ? line : `${letters.slice(0, longest - 1).join('')}…`;
  const fence = '`'.repeat(longestRun(shown) + 1);
  const blank = /^`|`$/.test(shown) ? ' ' : '';
  return `${fence}${blank}${shown}${blank}${fence}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}
