import { maskSecrets } from '../../contracts/secrets.ts';
import type { SignalEntry } from './read-signals.ts';

/** Longer news are cut. Characters. */
const LONGEST = 2_000;

/** A signal as a model is shown it, within a fence. */
export function signalText({ title, source, domain, summary, url }: SignalEntry): string {
  const facts = [title, `source: ${source}`, `domain: ${domain}`];
  const more = [...(url === undefined ? [] : [`url: ${url}`]), ...(summary === undefined ? [] : [summary])];
  return maskSecrets([...facts, ...more].join('\n')).slice(0, LONGEST);
}
