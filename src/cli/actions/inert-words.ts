import type { Io } from '../command.ts';
import { onActions } from './on-actions.ts';

/**
 * Words that quote texts from outside, for a log that a runner of GitHub Actions reads: it takes a line that begins with
 * two colons for a command, whatever blanks stand before them, and `##[` anywhere in a line. Both get a blank inside.
 * A zero-width mark would not do: the runner compares as people read, and people do not see it.
 */
export function inertWords(io: Pick<Io, 'env'>, text: string): string {
  if (!onActions(io)) return text;
  return text.replaceAll(/^([\s\u0085\p{Cf}]*:)(?=\p{Cf}*:)/gmu, '$1 ').replaceAll('##[', '## [');
}

/** The same for one line of JSON, where the second form can only stand within a string. Its value stays what it is. */
export function inertJson(io: Pick<Io, 'env'>, json: string): string {
  return onActions(io) ? json.replaceAll('##[', '#\\u0023[') : json;
}
