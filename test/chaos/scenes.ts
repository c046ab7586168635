import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openWorkspace, type Workspace } from '../../src/ledger/workspace.ts';
import { openQueue, type Queue } from '../../src/queue/queue.ts';
import { queueController } from '../../src/queue/queue-controller.ts';
import { runPass } from '../../src/runner/run-pass.ts';
import { inWorkspace } from '../e2e/prepared-workspace.ts';
import { bareRemote, type GitFolder } from '../support/git-folder.ts';
import { type FaultyRemote, faultyRemote } from './faulty-remote.ts';
import { publishWorkspace, putWork, type Wanted } from './work-clones.ts';

/** A remote with work in it, and clones that know it over http or as a path. */
export interface Scene extends AsyncDisposable {
  readonly remote: GitFolder;
  /** undefined for a path. */
  readonly server: FaultyRemote | undefined;
  readonly clones: readonly GitFolder[];
  /** Puts a hook into the remote: a shell script. */
  hook(name: string, body: string): Promise<void>;
  put(wanted: Wanted): Promise<string[]>;
}

export interface SceneOptions {
  readonly over: 'http' | 'path';
  readonly clones: number;
  readonly settings?: string;
}

export async function scene({ over, clones: count, settings }: SceneOptions): Promise<Scene> {
  const server = over === 'http' ? await faultyRemote() : undefined;
  const remote = server?.repository ?? (await bareRemote());
  const clone = await publishWorkspace(remote, settings);
  const address = server?.url ?? remote.dir;
  const addresses = [remote.dir, ...Array.from({ length: count }, () => address)];
  const making = addresses.map(clone);
  const [desk, ...clones] = (await Promise.all(making)) as [GitFolder, ...GitFolder[]];
  return {
    remote,
    server,
    clones,
    hook: async (name, body) => {
      await writeFile(join(remote.dir, 'hooks', name), `#!/bin/sh\n${body}\n`);
      await chmod(join(remote.dir, 'hooks', name), 0o755);
    },
    put: (wanted) => inWorkspace(desk.dir, ({ workspace }) => putWork(workspace, wanted)),
    [Symbol.asyncDispose]: async () => {
      for (const one of [desk, ...clones]) await one[Symbol.asyncDispose]();
      await (server ?? remote)[Symbol.asyncDispose]();
    },
  };
}

export interface OpenedQueue extends Disposable {
  readonly queue: Queue;
  readonly workspace: Workspace;
}

/** The queue as one process sees it. */
export async function openedQueue(clone: GitFolder): Promise<OpenedQueue> {
  const workspace = await openWorkspace(clone.dir);
  return { workspace, queue: openQueue(workspace), [Symbol.dispose]: () => workspace.close() };
}

/** A pass of the queue alone. */
export async function foldIn(clone: GitFolder): Promise<void> {
  await inWorkspace(clone.dir, async (context) => {
    const { failures } = await runPass(context, { controllers: [queueController] });
    if (failures.length > 0) throw new Error(`the pass failed: ${JSON.stringify(failures)}`);
  });
}
