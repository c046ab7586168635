import { LONGEST_TITLE } from './body-length.ts';

/** Unseen; after it GitHub takes nothing for a number or a name. */
const NOTHING = '\u200b';

/**
 * A title for a pull request. A squash makes it the subject of a commit, where `fixes #12` would close an issue and
 * a name would be told: both are only shown.
 */
export function fitTitle(title: string): string {
  const line = title
    .replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replaceAll(/(#)(?=\d)|(@)(?=\w)|\b(GH-)(?=\d)/gi, `$1$2$3${NOTHING}`)
    .trim();
  return line.length <= LONGEST_TITLE ? line : `${cut(line, LONGEST_TITLE - 1)}\u2026`;
}

/** As it was drafted. */
export function draftedTitle(title: string): string {
  return title.replaceAll(new RegExp(`(?<=#|@|GH-)${NOTHING}`, 'gi'), '');
}

/** Never through the middle of a character. */
function cut(text: string, most: number): string {
  const short = text.slice(0, most);
  return /[\ud800-\udbff]$/.test(short) ? short.slice(0, -1) : short;
}
