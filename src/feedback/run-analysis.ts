import { derivedId } from '../contracts/ids.ts';
import { type AnalysisRun, analysisRun } from '../contracts/pass.ts';
import { type Contract, toEntry } from '../contracts/record.ts';
import { historyOptions } from '../history/history-options.ts';
import { openHistory } from '../history/open-history.ts';
import type { PassContext } from '../ledger/controller.ts';
import { PERSONAS } from '../ledger/paths.ts';
import { recordAll } from '../ledger/record-all.ts';
import { readRoster } from '../personas/read-persona.ts';
import { type Analysis, analyse } from './analyse.ts';
import { analysedSplit } from './analysed-split.ts';
import { analysisInput } from './analysis-input.ts';
import { readOutcomes } from './read-outcomes.ts';
import { toRecommendation } from './to-recommendation.ts';

export interface AnalysisDone {
  readonly analysis: Analysis;
  /** How many findings are new to the history. */
  readonly added: number;
  /** False when the history holds this very analysis already, or nothing was ever there to analyse. */
  readonly recorded: boolean;
}

/** Computes the analysis of the history as it is now. Changes nothing. */
export async function computeAnalysis(context: PassContext): Promise<Analysis> {
  const { workspace } = context;
  const { snapshot } = await workspace.log.tip();
  const history = await openHistory(snapshot, historyOptions(workspace));
  try {
    const { window_days: days } = workspace.settings.analysis;
    const figures = await readOutcomes(history.connection, days, analysedSplit(workspace));
    const roster = await readRoster((await workspace.base.tip()).snapshot, PERSONAS);
    const personas = roster.flatMap((read) => (read.ok ? [read.file.persona] : []));
    return analyse(figures, personas, workspace.settings.analysis);
  } finally {
    history.close();
  }
}

/**
 * Computes the analysis and records it: one `analysis_run`, one `recommendation` for each finding. An analysis
 * that had nothing to look at is recorded too, so that silence is explained and not asked for again.
 */
export async function runAnalysis(context: PassContext): Promise<AnalysisDone> {
  const { workspace, index } = context;
  const input = await analysisInput(context);
  const analysis = await computeAnalysis(context);
  if (input === undefined) return { analysis, added: 0, recorded: false };
  const run = runRecord(analysis, input, workspace.settings.analysis.false_discovery_rate);
  const { to, split } = analysis.figures;
  const findings =
    to === null ? [] : analysis.findings.map((finding) => toRecommendation(finding, to, split));
  const subject = `Record an analysis of ${analysis.figures.outcomes} outcomes: ${findings.length} findings`;
  let runIsNew = false;
  const done = await recordAll(workspace, index, { subject }, async (snapshot) => {
    const [known] = await index.look(snapshot, run.kind.name, [toEntry(run, workspace.clock.now())]);
    runIsNew = known === 'new';
    return { contracts: [...findings, run] };
  });
  return { analysis, added: done.value - (runIsNew ? 1 : 0), recorded: done.commit !== null };
}

function runRecord(analysis: Analysis, input: string, falseDiscoveryRate: number): Contract {
  const { from, to, outcomes } = analysis.figures;
  const figures: Omit<AnalysisRun, 'analysis_id'> = {
    input,
    window_start: from,
    window_end: to,
    outcomes,
    comparisons: analysis.comparisons,
    findings: analysis.findings.length,
    watch: analysis.watch.length,
    not_enough_data: analysis.notEnough.length,
    false_discovery_rate: falseDiscoveryRate,
  };
  const id = derivedId(new Date(to ?? 0), ['analysis_run', JSON.stringify(figures)]);
  return { id, kind: analysisRun, source: 'sky-lynx', fields: { analysis_id: id, ...figures } };
}
