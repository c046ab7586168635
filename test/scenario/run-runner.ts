import { MillwrightError } from '../../src/contracts/millwright-error.ts';
import { boardController } from '../../src/feedback/board-controller.ts';
import type { Controller } from '../../src/ledger/controller.ts';
import { RecordIndex } from '../../src/ledger/record-index.ts';
import { controllers as shipped } from '../../src/runner/controllers.ts';
import { type PassReport, runPass } from '../../src/runner/run-pass.ts';
import { Died } from './troubles.ts';
import type { Runner, Workplace } from './workplace.ts';

/** What became of one pass. */
export interface PassNote {
  readonly runner: string;
  readonly startedAt: string;
  readonly endedAt: string;
  /** Absent where it died, or failed as a whole. */
  readonly report?: PassReport;
  /** The fault point at which it was killed. */
  readonly died?: string;
  /** The code of the error that ended it. */
  readonly failed?: string;
  readonly warnings: readonly string[];
}

const controllers: readonly Controller[] = shipped.some(({ name }) => name === 'board')
  ? shipped
  : [...shipped, boardController(async () => [])];

/** One pass of a runner, from an opened workspace to a closed one. */
export async function runRunner(place: Workplace, runner: Runner): Promise<PassNote> {
  const startedAt = place.clock.now().toISOString();
  let warnings: readonly string[] = [];
  const end = await place
    .inWorkspace(runner, async (workspace) => {
      warnings = workspace.warnings;
      return {
        report: await runPass({ workspace, index: new RecordIndex(workspace.cache) }, { controllers }),
      };
    })
    .catch(endOf);
  return { runner: runner.name, startedAt, endedAt: place.clock.now().toISOString(), warnings, ...end };
}

function endOf(error: unknown): Pick<PassNote, 'died' | 'failed'> {
  if (error instanceof Died) return { died: error.message };
  if (error instanceof MillwrightError) return { failed: `${error.code}: ${error.message}` };
  throw error;
}
