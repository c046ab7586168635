import type { PassContext } from '../ledger/controller.ts';
import { stateFolder } from '../ledger/paths.ts';
import { analysedSplit } from './analysed-split.ts';

/**
 * The tree of outcomes that an analysis looks at, and which side of it: when it is the same, so is the answer.
 * "<oid>", or "<oid>:reflect".
 */
export async function analysisInput({ workspace }: PassContext): Promise<string | undefined> {
  const { snapshot } = await workspace.log.tip();
  const oid = (await snapshot.entry(stateFolder('outcome')))?.oid;
  const split = analysedSplit(workspace);
  return oid === undefined || split === undefined ? oid : `${oid}:${split}`;
}
