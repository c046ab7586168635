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
  const [first] = group;
  const more = group.length > 1 ? ` (and ${group.length - 1} more)` : '';
  const bodies =
    group.length > 1 ? group.map(({ subject }) => `- ${oneLine(subject)}`).join('\n') : (first?.body ?? '');
  const trailers = group.flatMap((words) => Object.entries(words.trailers ?? {}));
  const lines = [...trailers, [NONCE_TRAILER, randomBytes(8).toString('hex')]].map(
    ([key, value]) => `${key}: ${oneLine(value ?? '')}`,
  );
  const subject = oneLine(first?.subject ?? 'Update the ledger').slice(0, 100) + more;
  return `${[subject, bodies.trim(), lines.join('\n')].filter((part) => part !== '').join('\n\n')}\n`;
}

/** Text from outside must not start a trailer or a second subject. */
function oneLine(text: string): string {
  return text.replaceAll(/[\r\n\0]+/g, ' ').trim();
}
