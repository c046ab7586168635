import { maskSecrets } from '../../contracts/secrets.ts';
import type { ExplainedRecord } from './explained-record.ts';

/** What is no fact about the work, or is shown by itself. */
const apart: ReadonlySet<string> = new Set(['id', 'notes', 'transcript', 'recorded_at']);

/**
 * A record as text: a line for each fact, then its notes as they were written, so that they can be quoted.
 * Secrets are masked before anything is cut. At most `chars` characters.
 */
export function recordText(record: ExplainedRecord, chars: number): string {
  const facts = Object.entries(record)
    .filter(([field, value]) => !apart.has(field) && value !== null && value !== undefined)
    .map(([field, value]) => `${field}: ${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const notes = record.notes === null ? [] : ['notes:', record.notes];
  return cut(maskSecrets([...facts, ...notes].join('\n')), chars);
}

/** A pair of surrogates is not cut in two. */
function cut(text: string, chars: number): string {
  return text.length <= chars ? text : text.slice(0, chars).replace(/[\ud800-\udbff]$/, '');
}
