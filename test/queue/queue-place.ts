import type { PassContext } from '../../src/ledger/controller.ts';
import { intakeController } from '../../src/ledger/intake-controller.ts';
import type { OpenOptions } from '../../src/ledger/workspace.ts';
import { Claimer } from '../../src/queue/claimer.ts';
import { followUps } from '../../src/queue/enqueue.ts';
import type { Held } from '../../src/queue/held.ts';
import { openQueue, type Queue } from '../../src/queue/queue.ts';
import { queueController } from '../../src/queue/queue-controller.ts';
import { recipes } from '../../src/runner/recipes.ts';
import { type PassReport, runPass } from '../../src/runner/run-pass.ts';
import { freshWorkspace, inWorkspace } from '../e2e/prepared-workspace.ts';
import { bareRemote, type GitFolder, gitFolder } from '../support/git-folder.ts';
import { ada } from './sample-work.ts';

/** A workspace of its own in a repository, with a remote under a path or without one. */
export interface QueuePlace extends AsyncDisposable {
  readonly folder: GitFolder;
  /** The repository that holds the truth. */
  readonly truth: GitFolder;
}

export const placeKinds = ['local', 'path remote'] as const;

export async function queuePlace(kind: (typeof placeKinds)[number], settings = ''): Promise<QueuePlace> {
  const folder = await freshWorkspace(settings);
  if (kind === 'local')
    return { folder, truth: folder, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
  const truth = await bareRemote();
  await folder.git('remote', 'add', 'origin', truth.dir);
  await folder.git('push', '-q', 'origin', 'main');
  return {
    folder,
    truth,
    [Symbol.asyncDispose]: async () => {
      await folder[Symbol.asyncDispose]();
      await truth[Symbol.asyncDispose]();
    },
  };
}

export interface Opened extends PassContext {
  readonly queue: Queue;
}

/** Opens the workspace as one run of a command does, with every recipe, and closes it. */
export function inQueue<T>(
  { folder }: Pick<QueuePlace, 'folder'>,
  work: (opened: Opened) => Promise<T>,
  options: OpenOptions = {},
): Promise<T> {
  const brought: OpenOptions = { followUps: (settings) => followUps(recipes, settings), ...options };
  return inWorkspace(
    folder.dir,
    (context) => work({ ...context, queue: openQueue(context.workspace) }),
    brought,
  );
}

/** What a pass does about the inbox and the queue. */
export function queuePass(
  context: PassContext,
  controllers = [intakeController, queueController],
): Promise<PassReport> {
  return runPass(context, { controllers });
}

/** Claims one slot, or throws. */
export async function claimOne(queue: Queue, slot: string, worker = ada): Promise<Held> {
  const held = await new Claimer(queue, { filter: { slot } }).next(worker);
  if (held === undefined) throw new Error(`${slot} could not be claimed`);
  return held;
}

export async function slotCells({ truth }: QueuePlace): Promise<string[]> {
  const refs = await truth.git('for-each-ref', '--format=%(refname)', 'refs/millwright/slots');
  return refs.split('\n').filter((ref) => ref !== '');
}

/** Another machine's copy of the same workspace. */
export async function cloneFrom({ truth }: QueuePlace): Promise<GitFolder> {
  const clone = await gitFolder();
  await clone.git('remote', 'add', 'origin', truth.dir);
  await clone.git('pull', '-q', 'origin', 'main');
  return clone;
}
