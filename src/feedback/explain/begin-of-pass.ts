import type { Pass } from '../../contracts/pass.ts';
import type { PassContext } from '../../ledger/controller.ts';
import { readLast } from '../../ledger/read-entries.ts';

const HOUR_MS = 3_600_000;

/**
 * What was explained since then counts for this pass: since the last pass left its record, at most an hour ago.
 * A pass plans several times, and nothing but the history knows what it has done already.
 */
export async function beginOfPass({ workspace }: PassContext): Promise<string> {
  const { snapshot } = await workspace.log.tip();
  const [last] = await readLast<Pass>(snapshot, 'pass', 1);
  const hourAgo = new Date(workspace.clock.now().getTime() - HOUR_MS).toISOString();
  return last !== undefined && last.recorded_at > hourAgo ? last.recorded_at : hourAgo;
}
