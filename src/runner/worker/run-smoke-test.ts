import { hasCode } from '../../contracts/millwright-error.ts';
import { describeStop } from '../../programs/describe-stop.ts';
import { runCommand } from '../../programs/run-command.ts';
import { splitCommand } from '../../programs/split-command.ts';
import type { Transcript } from '../../programs/transcript.ts';
import type { Assignment, AttemptContext } from './assignment.ts';
import type { Ground } from './prepare-ground.ts';
import { slotEnvironment } from './slot-environment.ts';

/**
 * Runs the smoke test in the work tree, with the limits of the agent.
 * @returns why it failed; undefined when it passed, or when there is none
 */
export async function runSmokeTest(
  context: AttemptContext,
  assignment: Assignment,
  ground: Ground,
  transcript: Transcript,
): Promise<string | undefined> {
  const { smoke, timeLimitMs, outputLimitBytes } = assignment;
  if (smoke === undefined) return undefined;
  context.onPhase?.('smoke', smoke);
  try {
    const result = await runCommand({
      argv: splitCommand(smoke),
      cwd: ground.worktree.path,
      env: slotEnvironment(context, assignment, ground),
      timeLimitMs,
      outputLimitBytes,
      ...(context.graceMs === undefined ? {} : { graceMs: context.graceMs }),
      clock: context.workspace.clock,
      signal: context.signal,
      transcript,
      onStart: (pid) => ground.child.started(pid),
    });
    return describeStop('the smoke test', result, assignment);
  } catch (error) {
    // A script of the work tree may be what the agent has removed.
    if (!hasCode(error, 'command-not-found')) throw error;
    return `the smoke test ${error.message}`;
  }
}
