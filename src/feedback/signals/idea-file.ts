import { derivedId } from '../../contracts/ids.ts';
import { type Thought, thought } from '../../contracts/thought.ts';
import type { Edit } from '../../git/edit.ts';
import { INBOX } from '../../ledger/paths.ts';
import type { SignalEntry } from './read-signals.ts';

/** The thought that a signal becomes: the same for whoever looks at it. */
export function ideaId(signal: SignalEntry): string {
  return derivedId(new Date(signal.recorded_at), ['thought', signal.id]);
}

/** A thought in the inbox, where intake takes it as it takes any other. Its text is data, with where it is from. */
export function ideaFile(signal: SignalEntry, idea: string, at: Date): Edit {
  const id = ideaId(signal);
  const { title, url, source, domain } = signal;
  const origin = `Research signal ${signal.id} from ${source}: ${title}${url === undefined ? '' : ` (${url})`}`;
  const fields: Thought = {
    thought_id: id,
    text: `${idea}\n\n${origin}`,
    category: domain,
    emitted_at: at.toISOString(),
    extra: { signal_id: signal.id },
  };
  const content = `${JSON.stringify(thought.fields.parse(fields), null, 2)}\n`;
  return { put: `${INBOX}/${thought.name}/${id}.json`, content };
}
