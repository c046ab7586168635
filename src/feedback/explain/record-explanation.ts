import { explanation } from '../../contracts/explanation.ts';
import { faultPoint } from '../../contracts/fault-point.ts';
import { type Contract, toEntry } from '../../contracts/record.ts';
import type { PassContext } from '../../ledger/controller.ts';
import { recordAll } from '../../ledger/record-all.ts';
import { consumeSignals } from '../signals/consume-signals.ts';
import type { SignalUse } from '../signals/settle-signals.ts';

/**
 * Everything that came of an explanation, in one commit: the record, the recommendation, the signals that took
 * part, and thoughts in the inbox. Whoever explains a finding second records nothing of it.
 * @param contracts the explanation first
 * @param recommendationId whose priority the signals change
 * @returns whether it was recorded
 */
export async function recordExplanation(
  context: PassContext,
  contracts: readonly Contract[],
  uses: readonly SignalUse[],
  recommendationId: string,
): Promise<boolean> {
  const { workspace, index } = context;
  const [made] = contracts;
  if (made === undefined) return false;
  await faultPoint('explain:answered');
  const subject = `Explain ${String(made.fields.recommendation_id)}: ${String(made.fields.state)}`;
  const done = await recordAll(workspace, index, { subject }, async (snapshot) => {
    const entry = toEntry(made, workspace.clock.now());
    const [known] = await index.look(snapshot, explanation.name, [entry]);
    if (known !== 'new') return { contracts: [] };
    const consumed = await consumeSignals(context, snapshot, uses, recommendationId);
    return { contracts: [...contracts, ...consumed.contracts], edits: consumed.edits };
  });
  return done.commit !== null;
}
