import { createHash } from 'node:crypto';

/** What may be shown to whoever drafts a patch, and what is kept to test it on. */
export type Split = 'reflect' | 'gate';

/** Of all tasks of a persona, by a hash that nobody chooses. */
const REFLECT_SHARE = 0.6;

/**
 * On which side of the split a task lies, for this persona: always the same. Whoever drafts a patch sees tasks
 * of `reflect` only, so that the others still say something of it.
 * @param task the paired key of an outcome, else its idea: all variants of one idea lie on one side
 */
export function splitOf(persona: string, task: string): Split {
  return hashShare(persona, task) < REFLECT_SHARE ? 'reflect' : 'gate';
}

/** Between 0 and 1, evenly spread. */
function hashShare(persona: string, task: string): number {
  const hash = createHash('sha256').update(keyOf(persona, task)).digest();
  return hash.readUInt32BE(0) / 2 ** 32;
}

/** JSON as DuckDB writes it: the queries of the analysis draw the same split. It has capitals in its escapes. */
function keyOf(persona: string, task: string): string {
  return JSON.stringify([persona, task]).replace(/\\\\|\\u00[01][a-f]/g, (escaped) =>
    escaped.startsWith('\\u') ? `\\u${escaped.slice(2).toUpperCase()}` : escaped,
  );
}
