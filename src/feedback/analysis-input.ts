import type { PassContext } from '../ledger/controller.ts';
import { stateFolder } from '../ledger/paths.ts';

/** The tree of outcomes that an analysis looks at: when it is the same, so is the answer. */
export async function analysisInput(context: PassContext): Promise<string | undefined> {
  const { snapshot } = await context.workspace.log.tip();
  return (await snapshot.entry(stateFolder('outcome')))?.oid;
}
