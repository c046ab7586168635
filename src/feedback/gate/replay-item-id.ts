import { derivedId, idTime } from '../../contracts/ids.ts';
import type { Replay } from '../../contracts/work.ts';

export const replayStages: readonly Replay['stage'][] = ['headroom', 'gate'];

/** The item of work that holds the replays of one stage: computed, so that two runners make one. */
export function replayItemId(patchId: string, stage: Replay['stage']): string {
  return derivedId(idTime(patchId), ['replay', patchId, stage]);
}
