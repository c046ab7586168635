import { readFileSync } from 'node:fs';
import { chmod, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { openWorkspace, type Workspace } from '../../../src/ledger/workspace.ts';
import type { Assignment, AttemptContext } from '../../../src/runner/worker/assignment.ts';
import { type AttemptResult, attemptSlot } from '../../../src/runner/worker/attempt-slot.ts';
import { type AgentCommand, readPreset } from '../../../src/runner/worker/read-preset.ts';
import { bareRemote, type GitFolder, gitFolder } from '../../support/git-folder.ts';
import { type HttpGitServerOptions, httpGitServer } from '../../support/http-git-server.ts';

// Git runs with the environment of this process: nothing of this machine may get in.
Object.assign(process.env, {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
});

export const workspaceFiles = {
  'millwright.yaml': '',
  '.gitignore': '.millwright/\nignored.txt\n',
  'prompts/DO-NOT-CHANGE-EVER.md': '# Rules\n\nBe honest.\n',
  'prompts/sample.md': '---\nname: sample\nsummary: A sample.\nvariables: [text]\n---\nMake {{ text }}.\n',
  'src/one.txt': 'one\n',
  'src/two.txt': 'two\n',
};

/** A workspace with a remote, or without one, as a worker finds it. */
export interface Workbench extends AsyncDisposable {
  readonly workspace: Workspace;
  readonly checkout: GitFolder;
  /** Where branches are pushed to: the remote, or the checkout's own repository. */
  readonly truth: GitFolder;
  /** Moves the base branch forward by one commit, elsewhere. */
  advance(path: string, text: string): Promise<void>;
}

export interface WorkbenchOptions {
  readonly remote: 'none' | 'path' | 'http';
  readonly files?: Readonly<Record<string, string>>;
  readonly server?: Omit<HttpGitServerOptions, 'root'>;
  /** Commands of git-config for the remote. */
  readonly remoteConfig?: Readonly<Record<string, string>>;
  /** The same for the checkout; `URL` stands for the server's address. */
  readonly config?: Readonly<Record<string, string>>;
}

export async function workbench(options: WorkbenchOptions): Promise<Workbench> {
  const first = await gitFolder({ ...workspaceFiles, ...options.files });
  if (options.remote === 'none') return openBench(first, first, [first]);
  const truth = await bareRemote();
  await first.git('push', '-q', truth.dir, 'main');
  for (const [key, value] of Object.entries(options.remoteConfig ?? {}))
    await truth.git('config', key, value);
  const server =
    options.remote === 'http'
      ? await httpGitServer({ root: dirname(truth.dir), ...options.server })
      : undefined;
  await first.git('remote', 'add', 'origin', server === undefined ? truth.dir : `${server.url}/remote.git`);
  for (const [key, value] of Object.entries(options.config ?? {}))
    await first.git('config', key.replace('URL', server?.url ?? ''), value);
  return openBench(first, truth, [...(server === undefined ? [] : [server]), first, truth]);
}

async function openBench(
  checkout: GitFolder,
  truth: GitFolder,
  parts: readonly AsyncDisposable[],
): Promise<Workbench> {
  const workspace = await openWorkspace(checkout.dir);
  return {
    workspace,
    checkout,
    truth,
    advance: async (path, text) => {
      await using other = await gitFolder();
      await other.git('fetch', '-q', truth.dir, 'main');
      await other.git('checkout', '-q', '-B', 'main', 'FETCH_HEAD');
      await other.write(path, text);
      await other.git('add', '--all');
      await other.git('commit', '-qm', 'Advance');
      await other.git('push', '-q', truth.dir, 'HEAD:main');
    },
    [Symbol.asyncDispose]: async () => {
      workspace.close();
      for (const part of parts) await part[Symbol.asyncDispose]();
    },
  };
}

export const assignment: Assignment = {
  slotId: 'slot-1',
  token: 7,
  branch: 'feat/thought-t1-v1',
  promptName: 'sample',
  variables: { text: 'a wheel' },
  env: {},
  timeLimitMs: 30_000,
  outputLimitBytes: 1_000_000,
  subject: 'Make a wheel',
};

/** Lets a shell script be the agent of one attempt. */
export function attempt(
  bench: Workbench,
  script: string,
  more: Partial<Assignment> = {},
  context: Partial<AttemptContext> = {},
): Promise<AttemptResult> {
  return attemptSlot(
    {
      workspace: bench.workspace,
      agent: scripted(script),
      signal: new AbortController().signal,
      graceMs: 200,
      stillHeld: async () => true,
      ...context,
    },
    { ...assignment, ...more },
  );
}

export function scripted(script: string): AgentCommand {
  return { ...readPreset('./agent'), command: ['/bin/sh', '-c', script] };
}

export async function executable(folder: GitFolder, path: string, text: string): Promise<string> {
  await folder.write(path, text);
  await chmod(join(folder.dir, path), 0o755);
  return join(folder.dir, path);
}

export function transcriptOf(bench: Workbench, slot = 'slot-1', token = 7): Promise<string> {
  return readFile(join(bench.workspace.cache, 'work', 'transcripts', `${slot}-${token}.log`), 'utf8');
}

export async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** A process that has ended counts as gone, also while nobody has asked for its exit code. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^\d+ \(.*\) Z /s.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}
