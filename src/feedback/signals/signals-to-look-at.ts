import type { PassContext } from '../../ledger/controller.ts';
import { readAttempts } from '../explain/attempts.ts';
import { beginOfPass } from '../explain/begin-of-pass.ts';
import { readSignals, type SignalEntry } from './read-signals.ts';

/** Under which a look at signals that nobody answered is noted. No finding has such an id. */
export const SIGNALS_ATTEMPT = '(signals)';

/** How many signals one question carries. */
const MOST_AT_ONCE = 20;

/**
 * Signals that nobody has looked at; none where this pass has looked at some already, or nobody answered today.
 * @param insist true: also where nobody answered today
 */
export async function signalsToLookAt(context: PassContext, insist = false): Promise<readonly SignalEntry[]> {
  const { waiting, consumed } = await readSignals(context.workspace);
  if (waiting.length === 0) return [];
  const since = await beginOfPass(context);
  if (consumed.some(({ consumed_at: at, source }) => source === 'sky-lynx' && at > since)) return [];
  const attempts = await readAttempts(context.workspace);
  return insist || attempts.heldBack(SIGNALS_ATTEMPT) === undefined ? waiting.slice(0, MOST_AT_ONCE) : [];
}
