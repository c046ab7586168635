import { mergePull } from '../merge-pull.ts';
import type { MergeMethod } from '../options.ts';
import { reopenProblem, reopenPull } from '../routes/edit-pull.ts';
import { addComment, closeThread, isPull, reopenThread } from '../thread-state.ts';
import type { PullThread, Thread, World } from '../world.ts';
import { type Act, ADA } from './act.ts';
import { pullOf, threadOf } from './find.ts';

export function statesOf(world: World, act: Act) {
  return {
    merge: (number: number, method: MergeMethod, who = ADA) =>
      act(who, () => merge(world, pullOf(world, number), method, who)),
    close: (number: number, { comment, who = ADA }: { comment?: string; who?: string } = {}) =>
      act(who, () => {
        const thread = threadOf(world, number);
        if (comment !== undefined) addComment(world, thread, comment, who);
        closeThread(world, thread, who, null);
      }),
    reopen: (number: number, who = ADA) => act(who, () => reopen(world, threadOf(world, number), who)),
    passChecks: (number: number) => act(ADA, () => passChecks(world, pullOf(world, number))),
  };
}

async function merge(world: World, thread: PullThread, method: MergeMethod, who: string): Promise<string> {
  const commit = thread.state === 'open' ? await mergePull(world, thread, method, who) : undefined;
  if (commit === undefined) throw new Error(`pull request ${thread.number} is not mergeable`);
  return commit;
}

function reopen(world: World, thread: Thread, who: string): void {
  const problem = isPull(thread) && thread.state === 'closed' ? reopenProblem(world, thread) : undefined;
  if (problem !== undefined) throw new Error(problem);
  if (isPull(thread)) reopenPull(world, thread, who);
  else reopenThread(world, thread, who);
}

async function passChecks(world: World, thread: PullThread): Promise<void> {
  thread.pull.checksPassed = true;
  const armed = thread.pull.autoMerge;
  if (armed !== null && !thread.pull.draft) await mergePull(world, thread, armed.method, armed.by);
}
