import type { Contract } from '../contracts/record.ts';
import type { Edit } from '../git/edit.ts';
import type { Transacted, TransactionWords } from '../git/log.ts';
import type { Snapshot } from '../git/snapshot.ts';
import { recordContracts } from './record-contracts.ts';
import type { RecordIndex } from './record-index.ts';
import { recordingOptions } from './recording-options.ts';
import type { Workspace } from './workspace.ts';

/**
 * Records contracts that Millwright itself made, with other edits in the same commit. What is recorded
 * already is left out; so a controller may say the same thing in every pass.
 * @returns how many records are new
 */
export async function recordAll(
  workspace: Workspace,
  index: RecordIndex,
  words: TransactionWords,
  decide: (snapshot: Snapshot) => Promise<{ contracts: readonly Contract[]; edits?: readonly Edit[] }>,
): Promise<Transacted<number>> {
  return workspace.log.transact(words, async (snapshot) => {
    const { contracts, edits = [] } = await decide(snapshot);
    const recording = await recordContracts(snapshot, contracts, recordingOptions(workspace, index));
    return { edits: [...recording.edits, ...edits], value: recording.added.length };
  });
}
