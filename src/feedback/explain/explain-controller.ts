import type { Controller, PassContext, Step } from '../../ledger/controller.ts';
import { signalsToLookAt } from '../signals/signals-to-look-at.ts';
import { explainAll } from './explain-all.ts';
import { findingsToExplain } from './findings-to-explain.ts';
import { whyNoModel } from './why-no-model.ts';

/**
 * Lets a model say why findings are as they are, and look at research signals. Where the settings name no model for
 * it there is nothing to do: both wait, and nothing is lost. Where one is named and cannot be asked, it is said.
 */
export const explainController: Controller = {
  name: 'explain',
  plan: async (context) => {
    const { workspace } = context;
    const problem = whyNoModel(workspace);
    if (problem?.named === false) return [];
    const [step] = await planStep(context);
    if (problem === undefined || step === undefined) return step === undefined ? [] : [step];
    const words = `findings and research signals wait for a model: ${problem.reason}; ${problem.hint}`;
    if (!workspace.warnings.includes(words)) workspace.warnings.push(words);
    return [];
  },
};

async function planStep(context: PassContext): Promise<Step[]> {
  const findings = await findingsToExplain(context);
  const [first] = findings;
  if (first !== undefined) return [explainStep(context, findings.length, first.title)];
  const signals = await signalsToLookAt(context);
  return signals.length === 0 ? [] : [signalStep(context, signals.length)];
}

function explainStep(context: PassContext, n: number, title: string): Step {
  return {
    controller: 'explain',
    summary: `ask a model why: ${title}${n === 1 ? '' : `, and ${n - 1} more`}`,
    changes: true,
    apply: async () => {
      const { withLlm } = await import('../../llm/with-llm.ts');
      const explained = await withLlm(context, (llm) => explainAll(context, llm, { batch: false }));
      for (const { result, recommendationId, detail } of explained)
        if (result === 'later')
          context.workspace.warnings.push(`${recommendationId} is not explained yet: ${detail}`);
      return { changed: explained.some(({ result }) => result !== 'later') };
    },
  };
}

function signalStep(context: PassContext, n: number): Step {
  return {
    controller: 'explain',
    summary: `ask a model about ${n} research signals`,
    changes: true,
    apply: async () => {
      const { withLlm } = await import('../../llm/with-llm.ts');
      const { lookAtSignals } = await import('../signals/look-at-signals.ts');
      const { consumed, problem } = await withLlm(context, (llm) => lookAtSignals(context, llm));
      if (problem !== undefined)
        context.workspace.warnings.push(`the research signals still wait: ${problem}`);
      return { changed: consumed > 0 };
    },
  };
}
