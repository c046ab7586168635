import { analysisInput } from '../../feedback/analysis-input.ts';
import { runAnalysis } from '../../feedback/run-analysis.ts';
import type { Controller, PassContext } from '../../ledger/controller.ts';

/** What became of the findings when a model was asked why they are as they are. */
export interface LoopExplanation {
  readonly explained: number;
  /** Changes that came of it. */
  readonly drafted: number;
  /** Research signals that were used up. */
  readonly signals: number;
  /** Why there are no more, in one sentence: no model is set, the budget is spent. */
  readonly note?: string;
}

/**
 * Asks a model. Filled by whoever knows how to reach one; without it the loop explains nothing. `insist`: a person
 * wants it now, so what nobody answered a while ago is asked again.
 */
export type ExplainFindings = (
  context: PassContext,
  options?: { readonly insist?: boolean },
) => Promise<LoopExplanation>;

/** What the parts of the loop came to, filled while they run. */
export interface LoopFigures {
  analysis: { outcomes: number; findings: number; added: number };
  explanation: LoopExplanation | null;
}

/**
 * The controllers of a pass, with an analysis that asks nobody whether it is time, and with explanations behind it
 * in the place of those that a pass asks for one by one. The others are as they are: what they plan follows from
 * what is recorded.
 */
export function loopControllers(
  controllers: readonly Controller[],
  explain: ExplainFindings | undefined,
  figures: LoopFigures,
): Controller[] {
  const asked = [analyseNow(figures), ...(explain === undefined ? [] : [explainOnce(explain, figures)])];
  const replaced = new Set([...asked.map(({ name }) => name), 'schedule']);
  const at = controllers.findIndex(({ name }) => name === 'analysis');
  const keep = (some: readonly Controller[]) => some.filter(({ name }) => !replaced.has(name));
  return [
    ...keep(controllers.slice(0, Math.max(at, 0))),
    ...asked,
    ...keep(controllers.slice(Math.max(at, 0))),
  ];
}

/** Once for each state of the outcomes: a later round may have taken in more. */
function analyseNow(figures: LoopFigures): Controller {
  let seen: { input: string | undefined } | undefined;
  return {
    name: 'analysis',
    plan: async (context) => {
      const input = await analysisInput(context);
      if (seen !== undefined && seen.input === input) return [];
      return [
        {
          controller: 'analysis',
          summary: 'analyse the outcomes: the loop asks for it',
          changes: true,
          apply: async () => {
            seen = { input };
            const { analysis, added, recorded } = await runAnalysis(context);
            const { figures: all, findings } = analysis;
            const sum = figures.analysis.added + added;
            figures.analysis = { outcomes: all.outcomes, findings: findings.length, added: sum };
            return { changed: recorded, findings: added };
          },
        },
      ];
    },
  };
}

function explainOnce(explain: ExplainFindings, figures: LoopFigures): Controller {
  let asked = false;
  return {
    name: 'explain',
    plan: async (context) =>
      asked
        ? []
        : [
            {
              controller: 'explain',
              summary: 'explain what was found, where there is a model',
              changes: true,
              apply: async () => {
                asked = true;
                const explanation = await explain(context);
                figures.explanation = explanation;
                return { changed: explanation.explained + explanation.signals > 0 };
              },
            },
          ],
  };
}
