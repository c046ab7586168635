import type { PassContext } from '../../ledger/controller.ts';
import type { RecommendationEntry } from '../feedback-state.ts';
import { readSignals } from '../signals/read-signals.ts';
import { shareOutSignals } from '../signals/share-out-signals.ts';
import type { DraftGround } from './check-draft.ts';
import { findingPersona } from './finding-persona.ts';
import { readShownRecords, type ShownRecords } from './read-shown-records.ts';

/** All that a question about a finding says. */
export interface Ground extends DraftGround, Pick<ShownRecords, 'baseline' | 'leftOut'> {}

/** What each question needs to know. Signals are shared out first: each takes part in one question only. */
export async function layGround(
  context: PassContext,
  findings: readonly RecommendationEntry[],
): Promise<Ground[]> {
  if (findings.length === 0) return [];
  const shown = await readShownRecords(context, findings);
  const shares = shareOutSignals(findings, (await readSignals(context.workspace)).waiting);
  return Promise.all(
    findings.map(async (finding, at) => ({
      finding,
      persona: await findingPersona(context, finding),
      records: shown[at]?.records ?? [],
      baseline: shown[at]?.baseline,
      leftOut: shown[at]?.leftOut ?? [],
      signals: shares[at] ?? [],
    })),
  );
}
