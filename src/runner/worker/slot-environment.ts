import { join } from 'node:path';
import { agentEnvironment } from './agent-environment.ts';
import type { Assignment, AttemptContext } from './assignment.ts';
import type { Ground } from './prepare-ground.ts';
import { worktreesFolder } from './worktree.ts';

/** Beside the work tree, so that it is never part of the work. */
export function promptPath(cache: string, slotId: string): string {
  return join(cache, 'work', slotId, 'prompt.md');
}

/** For the agent and the smoke test alike. */
export function slotEnvironment(
  { workspace: { cache } }: AttemptContext,
  { slotId, token, branch, env, variables }: Assignment,
  { child }: Ground,
): NodeJS.ProcessEnv {
  const own = {
    ...env,
    MILLWRIGHT_SLOT_ID: slotId,
    MILLWRIGHT_TOKEN: String(token),
    MILLWRIGHT_BRANCH: branch,
    MILLWRIGHT_PROMPT_FILE: promptPath(cache, slotId),
    MILLWRIGHT_RUN: child.run,
  };
  return agentEnvironment(own, variables, worktreesFolder(cache));
}
