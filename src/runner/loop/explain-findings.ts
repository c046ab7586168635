import type { ExplainFindings } from './loop-controllers.ts';

/**
 * Asks the model of the settings about everything that waits, as one batch where the provider has batches; then
 * about research signals. Where no model is set nothing happens, and the status says so.
 */
export const explainFindings: ExplainFindings = async (context) => {
  const { explainAll } = await import('../../feedback/explain/explain-all.ts');
  const { lookAtSignals } = await import('../../feedback/signals/look-at-signals.ts');
  const { withLlm } = await import('../../llm/with-llm.ts');
  return withLlm(context, async (llm) => {
    const explained = await explainAll(context, llm, { batch: true });
    const { consumed, problem } = await lookAtSignals(context, llm);
    const later = explained.flatMap(({ result, detail }) => (result === 'later' ? [detail ?? result] : []));
    const notes = [...new Set([...later, ...(problem === undefined ? [] : [problem])])];
    return {
      explained: explained.filter(({ result }) => result === 'drafted' || result === 'nothing').length,
      drafted: explained.filter(({ result }) => result === 'drafted').length,
      signals: consumed,
      ...(notes.length === 0 ? {} : { note: notes.join('; ') }),
    };
  });
};
