import { oneLine } from '../../contracts/issue.ts';
import { hasCode, MillwrightError } from '../../contracts/millwright-error.ts';
import type { ScheduleRun } from '../../contracts/schedule-run.ts';
import { maskSecrets } from '../../contracts/secrets.ts';
import type { PassContext } from '../../ledger/controller.ts';
import { recordAll } from '../../ledger/record-all.ts';
import { type Claim, type ClaimOptions, claimRun } from './claim-run.ts';
import { runContract, runnerName } from './run-contract.ts';

/** What the work that was due came to. */
export interface WorkDone {
  /** Path of the report that it wrote. */
  readonly report?: string;
  /** What went wrong without stopping it, in one line. */
  readonly problem?: string;
}

export type ScheduledRun<Done> =
  | { readonly claim: Extract<Claim, { result: 'claimed' }>; readonly done: Done }
  | { readonly claim: Exclude<Claim, { result: 'claimed' }> };

/**
 * Claims what is due, does it, and records how it ended. Work that throws is recorded as failed, and throws on;
 * work that was interrupted stays open, and so does what another runner has begun and a person could not do either.
 */
export async function scheduledRun<Done extends WorkDone>(
  context: PassContext,
  options: ClaimOptions,
  work: (run: ScheduleRun) => Promise<Done>,
): Promise<ScheduledRun<Done>> {
  const claim = await claimRun(context, options);
  if (claim.result !== 'claimed') return { claim };
  try {
    const done = await work(claim.run);
    const { report, problem } = done;
    await recordEnd(context, claim.run, {
      state: 'finished',
      ...(report === undefined ? {} : { report }),
      ...(problem === undefined ? {} : { error: wordsOf(problem) }),
    });
    return { claim, done };
  } catch (error) {
    // Stopped by its machine, not by its work: the next runner takes it over.
    if (hasCode(error, 'interrupted') || claim.joined === true) throw error;
    // What went wrong first is what a person has to hear. An end that cannot be written is taken over in time.
    await recordEnd(context, claim.run, { state: 'failed', error: wordsOf(error) }).catch(() => undefined);
    throw error;
  }
}

async function recordEnd(
  { workspace, index }: PassContext,
  started: ScheduleRun,
  end: Pick<ScheduleRun, 'state' | 'report' | 'error'>,
): Promise<void> {
  const run = { ...started, ...end, runner: runnerName(), at: workspace.clock.now().toISOString() };
  const words = { subject: `Record the end of what was due: ${run.schedule} ${end.state}` };
  await recordAll(workspace, index, words, async () => ({ contracts: [runContract(run)] }));
}

function wordsOf(error: unknown): string {
  const code = error instanceof MillwrightError ? `${error.code}: ` : '';
  const said = error instanceof Error ? error.message : String(error);
  return (
    oneLine(maskSecrets(`${code}${said}`))
      .trim()
      .slice(0, 500) || 'it failed without a word'
  );
}
