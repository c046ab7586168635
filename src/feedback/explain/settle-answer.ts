import type { PassContext } from '../../ledger/controller.ts';
import { settleSignals } from '../signals/settle-signals.ts';
import type { Asked } from './ask-twice.ts';
import { noteAttempt } from './attempts.ts';
import { checkDraft } from './check-draft.ts';
import type { DraftAnswer } from './draft-answer.ts';
import { draftedId, draftedRecords, type ExplanationFacts, failedRecord } from './explanation-records.ts';
import { findingPersona } from './finding-persona.ts';
import type { Ground } from './lay-ground.ts';
import { recordExplanation } from './record-explanation.ts';

/** What became of one finding. */
export interface Explained {
  readonly recommendationId: string;
  /** later: nobody answered, another pass is asking, or the persona was changed meanwhile; a later pass asks again. */
  readonly result: 'drafted' | 'nothing' | 'failed' | 'later';
  readonly detail?: string;
}

/**
 * Records what came of a question. The persona is read again: a draft that no longer fits what a person has made
 * of it meanwhile is thrown away, and a later pass asks about the persona as it is then.
 */
export async function settleAnswer(
  context: PassContext,
  ground: Ground,
  asked: Asked<DraftAnswer>,
  promptHash: string | undefined,
): Promise<Explained> {
  const { workspace } = context;
  const recommendationId = ground.finding.id;
  if (asked.result === 'unanswered') {
    await noteAttempt(workspace, recommendationId, asked.reason);
    return { recommendationId, result: 'later', detail: asked.reason };
  }
  const explainedAt = workspace.clock.now().toISOString();
  const facts = { calls: asked.calls, promptHash, explainedAt, baseline: ground.baseline };
  if (asked.result === 'useless') return recordFailure(context, ground, asked.reason, facts);
  const persona = await findingPersona(context, ground.finding);
  const checked = checkDraft(asked.answer, { ...ground, persona });
  if (!checked.ok) {
    const detail = `the persona was changed meanwhile: ${checked.errors.join('; ')}`;
    return { recommendationId, result: 'later', detail };
  }
  const records = draftedRecords({ ...ground, persona }, checked.draft, facts);
  const uses = settleSignals(ground.signals, asked.answer.signals, workspace.settings.explain.idea_relevance);
  const target = records.length > 1 ? draftedId(ground.finding) : recommendationId;
  await recordExplanation(context, records, uses, target);
  return { recommendationId, result: checked.draft.causes.length === 0 ? 'nothing' : 'drafted' };
}

async function recordFailure(
  context: PassContext,
  ground: Ground,
  reason: string,
  facts: ExplanationFacts,
): Promise<Explained> {
  const { id } = ground.finding;
  await recordExplanation(context, [failedRecord(ground, reason, facts)], [], id);
  return { recommendationId: id, result: 'failed', detail: reason };
}
