import type { Controller, PassContext, Step } from '../../ledger/controller.ts';
import { signalsToLookAt } from '../signals/signals-to-look-at.ts';
import { explainAll } from './explain-all.ts';
import { findingsToExplain } from './findings-to-explain.ts';

/**
 * Lets a model say why findings are as they are, and look at research signals. Where the settings name no model for
 * it there is nothing to do: both wait, and nothing is lost.
 */
export const explainController: Controller = {
  name: 'explain',
  plan: async (context) => {
    const { brain, sub } = context.workspace.settings.llm.tiers;
    if (brain === undefined && sub === undefined) return [];
    const findings = await findingsToExplain(context);
    const [first] = findings;
    if (first !== undefined) return stepIfAsked(context, explainStep(context, findings.length, first.title));
    const signals = await signalsToLookAt(context);
    return signals.length === 0 ? [] : stepIfAsked(context, signalStep(context, signals.length));
  },
};

/** A tier may be named and still have no key; the status says so. */
async function stepIfAsked(context: PassContext, step: Step): Promise<Step[]> {
  const { withLlm } = await import('../../llm/with-llm.ts');
  const { analystTier } = await import('./analyst-tier.ts');
  const tier = await withLlm(context, async (llm) => analystTier(llm));
  return tier === undefined ? [] : [step];
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
