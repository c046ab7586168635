import type { Log, Tip } from '../git/log.ts';
import type { Workspace } from '../ledger/workspace.ts';

export interface SteadyWorkspace {
  readonly workspace: Workspace;
  /** Forgets what was seen: the next question goes to the place of truth. */
  lookAgain(): void;
}

/**
 * The workspace as one look shows it: the tips of its branches are asked for once, until something is written here or
 * `lookAgain` is called. Planners need no more, because every write decides anew on the tip that it meets; and a
 * remote is not asked by each of them.
 */
export function steadyWorkspace(workspace: Workspace): SteadyWorkspace {
  // One for each workspace: what rooms remember by workspace they find again in the next pass.
  const steady = known.get(workspace) ?? makeSteady(workspace);
  known.set(workspace, steady);
  steady.lookAgain();
  return steady;
}

const known = new WeakMap<Workspace, SteadyWorkspace>();

function makeSteady(workspace: Workspace): SteadyWorkspace {
  const log = steadyLog(workspace.log);
  const base = workspace.base === workspace.log ? log : steadyLog(workspace.base);
  return {
    workspace: { ...workspace, log, base },
    lookAgain: () => {
      log.lookAgain();
      base.lookAgain();
    },
  };
}

function steadyLog(log: Log): Log & { lookAgain(): void } {
  let seen: Promise<Tip> | undefined;
  const lookAgain = () => {
    seen = undefined;
  };
  return {
    tip: () => {
      if (seen !== undefined) return seen;
      const look = log.tip();
      seen = look;
      look.catch(lookAgain);
      return look;
    },
    transact: async (words, decide) => {
      lookAgain();
      try {
        return await log.transact(words, decide);
      } finally {
        lookAgain();
      }
    },
    lookAgain,
  };
}
