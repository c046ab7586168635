import type { Explained } from '../../feedback/explain/settle-answer.ts';
import type { PassContext } from '../../ledger/controller.ts';
import type { ExplainFindings } from './loop-controllers.ts';

/**
 * Asks the model of the settings about everything that waits, as one batch where the provider has batches; then
 * about research signals. Where no model can be asked, or what waits is left alone for now, the note says why.
 */
export const explainFindings: ExplainFindings = async (context, { insist = false } = {}) => {
  const { whyNoModel } = await import('../../feedback/explain/why-no-model.ts');
  const none = whyNoModel(context.workspace);
  if (none !== undefined) return { explained: 0, drafted: 0, signals: 0, note: none.reason };
  const { explainAll } = await import('../../feedback/explain/explain-all.ts');
  const { lookAtSignals } = await import('../../feedback/signals/look-at-signals.ts');
  const { withLlm } = await import('../../llm/with-llm.ts');
  return withLlm(context, async (llm) => {
    const held = insist ? [] : await heldBackWords(context);
    const explained = await explainAll(context, llm, { batch: true, insist });
    const { consumed, problem } = await lookAtSignals(context, llm, { insist });
    const notes = [
      ...new Set([...held, ...laterWords(explained), ...(problem === undefined ? [] : [problem])]),
    ];
    return {
      explained: explained.filter(({ result }) => result === 'drafted' || result === 'nothing').length,
      drafted: explained.filter(({ result }) => result === 'drafted').length,
      signals: consumed,
      ...(notes.length === 0 ? {} : { note: notes.join('; ') }),
    };
  });
};

/** What nobody answered a while ago, and when it is asked about again. */
async function heldBackWords({ workspace }: PassContext): Promise<string[]> {
  const { readAttempts } = await import('../../feedback/explain/attempts.ts');
  const { readFeedbackState } = await import('../../feedback/feedback-state.ts');
  const { recommendationStatuses } = await import('../../feedback/recommendation-status.ts');
  const { readExplanations } = await import('../../feedback/explain/read-explanations.ts');
  const attempts = await readAttempts(workspace);
  const statuses = recommendationStatuses(
    await readFeedbackState(workspace),
    await readExplanations(workspace),
  );
  const held = [...statuses].flatMap(([id, standing]) =>
    standing === 'waiting' ? (attempts.heldBack(id) ?? []) : [],
  );
  const [first] = held.sort((a, b) => (a.until < b.until ? -1 : 1));
  if (first === undefined) return [];
  return [`${held.length} findings are left alone, the first until ${first.until}: ${first.reason}`];
}

function laterWords(explained: readonly Explained[]): string[] {
  return explained.flatMap(({ result, detail }) => (result === 'later' ? [detail ?? result] : []));
}
