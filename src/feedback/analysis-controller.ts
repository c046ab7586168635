import type { AnalysisRun } from '../contracts/pass.ts';
import type { Controller, PassContext } from '../ledger/controller.ts';
import { readLast } from '../ledger/read-entries.ts';
import { analysisInput } from './analysis-input.ts';

const DAY_MS = 86_400_000;

/** Analyses the outcomes when there are new ones and the last analysis is old enough. */
export const analysisController: Controller = {
  name: 'analysis',
  plan: async (context) => {
    const due = await whyDue(context);
    if (due === undefined) return [];
    return [
      {
        controller: 'analysis',
        summary: `analyse the outcomes: ${due}`,
        changes: true,
        apply: async () => {
          // DuckDB is loaded here and not before: most passes have nothing to analyse.
          const { runAnalysis } = await import('./run-analysis.ts');
          const { added, recorded } = await runAnalysis(context);
          return { changed: recorded, findings: added };
        },
      },
    ];
  },
};

async function whyDue(context: PassContext): Promise<string | undefined> {
  const input = await analysisInput(context);
  if (input === undefined) return undefined;
  const { snapshot } = await context.workspace.log.tip();
  const [last] = await readLast<AnalysisRun>(snapshot, 'analysis_run', 1);
  if (last === undefined) return 'there was no analysis yet';
  if (last.input === input) return undefined;
  if (sideOf(last.input) !== sideOf(input)) return 'gate.agent changes which of them it may look at';
  const age = context.workspace.clock.now().getTime() - new Date(last.recorded_at).getTime();
  const wanted = context.workspace.settings.analysis.every_days;
  return age >= wanted * DAY_MS
    ? `new outcomes, and the last analysis is more than ${wanted} days old`
    : undefined;
}

/** What stands behind the object id. */
function sideOf(input: string): string | undefined {
  return input.split(':')[1];
}
