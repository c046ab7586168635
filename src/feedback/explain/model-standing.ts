import type { Workspace } from '../../ledger/workspace.ts';
import { SIGNALS_ATTEMPT } from '../signals/signals-to-look-at.ts';
import { type HeldBack, readAttempts } from './attempts.ts';
import { type NoModel, whyNoModel } from './why-no-model.ts';

/** Whether somebody answers when the loop asks, as far as this machine knows. */
export interface ModelStanding {
  /** Null when a model can be asked. */
  readonly problem: NoModel | null;
  /** Until when the findings that wait are left alone; null when one of them may be asked about. */
  readonly findings: HeldBack | null;
  readonly signals: HeldBack | null;
}

/**
 * @param waiting ids of the findings that wait for an explanation
 * @param anywhere true: only what the settings say, which are the same on every machine
 */
export async function modelStanding(
  workspace: Workspace,
  waiting: readonly string[],
  { anywhere = false }: { readonly anywhere?: boolean } = {},
): Promise<ModelStanding> {
  const problem = whyNoModel(workspace) ?? null;
  if (anywhere) return { problem: problem?.named === false ? problem : null, findings: null, signals: null };
  const attempts = await readAttempts(workspace);
  const held = waiting.flatMap((id) => attempts.heldBack(id) ?? []);
  const [first] = held.sort((a, b) => (a.until < b.until ? -1 : 1));
  return {
    problem,
    findings: first !== undefined && held.length === waiting.length ? first : null,
    signals: attempts.heldBack(SIGNALS_ATTEMPT) ?? null,
  };
}
