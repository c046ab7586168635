import { derivedId } from '../../contracts/ids.ts';
import { type Contract, toEntry } from '../../contracts/record.ts';
import { type SignalConsumed, signalConsumed } from '../../contracts/signal-consumed.ts';
import type { Edit } from '../../git/edit.ts';
import type { Snapshot } from '../../git/snapshot.ts';
import type { PassContext } from '../../ledger/controller.ts';
import { ideaFile, ideaId } from './idea-file.ts';
import type { SignalUse } from './settle-signals.ts';

export interface Consumption {
  readonly contracts: readonly Contract[];
  /** The thoughts, as files of the inbox in the same commit. */
  readonly edits: readonly Edit[];
}

/**
 * Records for signals that somebody has looked at, and a thought in the inbox for each idea. A signal that another
 * runner has used meanwhile is left out, with its idea: the id of its record is computed from the signal alone.
 * @param recommendationId whose priority changes, where the model names no other
 */
export async function consumeSignals(
  { workspace, index }: PassContext,
  snapshot: Snapshot,
  uses: readonly SignalUse[],
  recommendationId?: string,
): Promise<Consumption> {
  const at = workspace.clock.now();
  const made = uses.map((one) => ({ one, contract: consumedContract(one, at, recommendationId) }));
  const entries = made.map(({ contract }) => toEntry(contract, at));
  const known = await index.look(snapshot, signalConsumed.name, entries);
  const fresh = made.filter((_, place) => known[place] === 'new');
  return {
    contracts: fresh.map(({ contract }) => contract),
    edits: fresh.flatMap(({ one }) => (one.idea === undefined ? [] : [ideaFile(one.signal, one.idea, at)])),
  };
}

function consumedContract(one: SignalUse, at: Date, recommendationId: string | undefined): Contract {
  const { signal, use, reason } = one;
  const id = derivedId(new Date(signal.recorded_at), ['signal_consumed', signal.id]);
  const ref = one.idea === undefined ? (one.recommendationId ?? recommendationId) : ideaId(signal);
  const fields: SignalConsumed = {
    signal_consumed_id: id,
    signal_id: signal.id,
    consumed_by: 'sky-lynx',
    use,
    ...(ref === undefined ? {} : { ref }),
    reason,
    consumed_at: at.toISOString(),
  };
  return { id, kind: signalConsumed, source: 'sky-lynx', fields: signalConsumed.fields.parse(fields) };
}
