import { derivedId } from '../contracts/ids.ts';
import { type AnalysisRun, analysisRun } from '../contracts/pass.ts';
import type { Contract } from '../contracts/record.ts';
import { openHistory } from '../history/open-history.ts';
import type { PassContext } from '../ledger/controller.ts';
import { PERSONAS } from '../ledger/paths.ts';
import { recordAll } from '../ledger/record-all.ts';
import type { BadLine } from '../ledger/segments.ts';
import { readRoster } from '../personas/read-persona.ts';
import { type Analysis, analyse } from './analyse.ts';
import { analysisInput } from './analysis-input.ts';
import { readOutcomes } from './read-outcomes.ts';
import { toRecommendation } from './to-recommendation.ts';

export interface AnalysisDone {
  readonly analysis: Analysis;
  /** How many findings are new to the history. */
  readonly added: number;
}

/** Computes the analysis of the history as it is now. Changes nothing. */
export async function computeAnalysis(context: PassContext): Promise<Analysis> {
  const { workspace } = context;
  const { snapshot } = await workspace.log.tip();
  const onBadLine = ({ path, line, found }: BadLine) =>
    workspace.warnings.push(`${path}:${line}: expected a record, found ${found}; the line was left out`);
  const history = await openHistory(snapshot, { cache: workspace.cache, onBadLine });
  try {
    const figures = await readOutcomes(history.connection, workspace.settings.analysis.window_days);
    const roster = await readRoster((await workspace.base.tip()).snapshot, PERSONAS);
    const personas = roster.flatMap((read) => (read.ok ? [read.file.persona] : []));
    return analyse(figures, personas, workspace.settings.analysis);
  } finally {
    history.close();
  }
}

/** Computes the analysis and records it: one `analysis_run`, one `recommendation` for each finding. */
export async function runAnalysis(context: PassContext): Promise<AnalysisDone> {
  const input = await analysisInput(context);
  const analysis = await computeAnalysis(context);
  const { to } = analysis.figures;
  if (to === null || input === undefined) return { analysis, added: 0 };
  const findings = analysis.findings.map((finding) => toRecommendation(finding, to));
  const subject = `Record an analysis of ${analysis.figures.outcomes} outcomes: ${findings.length} findings`;
  const done = await recordAll(context.workspace, context.index, { subject }, async () => ({
    contracts: [
      ...findings,
      runRecord(analysis, input, to, context.workspace.settings.analysis.false_discovery_rate),
    ],
  }));
  return { analysis, added: done.commit === null ? 0 : findings.length };
}

function runRecord(analysis: Analysis, input: string, to: string, falseDiscoveryRate: number): Contract {
  const figures: Omit<AnalysisRun, 'analysis_id'> = {
    input,
    window_start: analysis.figures.from,
    window_end: to,
    outcomes: analysis.figures.outcomes,
    comparisons: analysis.comparisons,
    findings: analysis.findings.length,
    watch: analysis.watch.length,
    not_enough_data: analysis.notEnough.length,
    false_discovery_rate: falseDiscoveryRate,
  };
  const id = derivedId(new Date(to), ['analysis_run', JSON.stringify(figures)]);
  return { id, kind: analysisRun, source: 'sky-lynx', fields: { analysis_id: id, ...figures } };
}
