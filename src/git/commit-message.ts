import { randomBytes } from 'node:crypto';

export interface CommitWords {
  /** One line, imperative. */
  readonly subject: string;
  readonly body?: string;
  /** `Key: value` lines at the end. */
  readonly trailers?: Readonly<Record<string, string>>;
}

/** What marks a commit as machine-written, and makes every attempt a commit of its own. */
export const NONCE_TRAILER = 'Millwright-Nonce';

/**
 * One message for all the transactions of a group. The nonce keeps two processes from ever making the
 * same commit: pushing a commit that is already there "succeeds" for both.
 */
export function commitMessage(group: readonly CommitWords[]): string {
  const more = group.length > 1 ? ` (and ${group.length - 1} more)` : '';
  const subject = [...subjectOf(group[0])].slice(0, 100).join('') + more;
  return `${[subject, bodyOf(group), trailersOf(group)].filter((part) => part !== '').join('\n\n')}\n`;
}

/** Never empty: without a subject, git would take the trailers for one. */
function subjectOf(words: CommitWords | undefined): string {
  return oneLine(words?.subject ?? '') || 'Update the ledger';
}

function bodyOf(group: readonly CommitWords[]): string {
  const text =
    group.length > 1
      ? group.map((words) => `- ${subjectOf(words)}`).join('\n')
      : (group[0]?.body ?? '').replaceAll('\0', ' ');
  return text.trim();
}

function trailersOf(group: readonly CommitWords[]): string {
  const trailers = group.flatMap((words) => Object.entries(words.trailers ?? {}));
  return [...trailers, [NONCE_TRAILER, randomBytes(8).toString('hex')]]
    .map(([key, value]) => `${trailerKey(key ?? '')}: ${oneLine(value ?? '')}`)
    .join('\n');
}

/** What git takes for the name of a trailer. */
function trailerKey(key: string): string {
  return key.replaceAll(/[^A-Za-z0-9-]+/g, '-') || 'Note';
}

/** Text from outside must not start a trailer or a second subject. */
function oneLine(text: string): string {
  return text.replaceAll(/[\r\n\0]+/g, ' ').trim();
}
