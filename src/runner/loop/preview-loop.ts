import { computeAnalysis } from '../../feedback/run-analysis.ts';
import type { PassContext } from '../../ledger/controller.ts';
import { type PlannedStep, planPass } from '../plan-pass.ts';
import { makeReports } from './make-report.ts';
import type { LoopOptions } from './run-loop.ts';

export interface LoopPreview {
  readonly week: string;
  readonly steps: readonly PlannedStep[];
  /** Where the report would be written. */
  readonly report: string;
  /** The report of the week as it is now, in markdown. What the steps would bring is not in it. */
  readonly text: string;
}

/** What the loop would do first, and the report as it would be without it. Changes nothing. */
export async function previewLoop(
  context: PassContext,
  { controllers, explain, week, past = false, signal }: LoopOptions,
): Promise<LoopPreview> {
  const { figures, findings } = await computeAnalysis(context);
  const others = controllers.filter(({ name }) => name !== 'analysis' && name !== 'schedule');
  const planned = await planPass(context, others);
  const analysis = `analyse ${figures.outcomes} outcomes; it finds ${findings.length}`;
  const asked =
    explain === undefined ? [] : [step('explain', 'explain what is found, where there is a model')];
  const told = signal === undefined ? {} : { signal };
  const [report] = await makeReports(context, [{ week, newest: !past, ...told }]);
  const path = report?.path ?? '';
  return {
    week: week.name,
    steps: [step('analysis', analysis), ...asked, ...planned, step('report', `write ${path}`)],
    report: path,
    text: report?.files.get(path) ?? '',
  };
}

function step(controller: string, summary: string): PlannedStep {
  return { controller, summary, changes: true };
}
