import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { openWorkspace, type Workspace } from '../../src/ledger/workspace.ts';
import { bareRemote, type GitFolder, gitFolder } from '../support/git-folder.ts';
import { fullRights } from '../support/github/emulator/options.ts';
import { type GithubEmulator, githubEmulator } from '../support/github/emulator.ts';
import { type SimulatedClock, simulatedClock } from './simulated-clock.ts';
import { personaName, smallPersona } from './small-persona.ts';

/** A clone in which passes run: the workflow's, or somebody's laptop. */
export interface Runner {
  readonly name: string;
  readonly dir: string;
  readonly git: GitFolder['git'];
}

/** A repository on an emulated GitHub, two clones of it, and a clock. */
export interface Workplace extends AsyncDisposable {
  readonly bare: GitFolder;
  readonly github: GithubEmulator;
  readonly clock: SimulatedClock;
  readonly runners: readonly [Runner, Runner];
  readonly personas: readonly string[];
  readonly settings: { readonly maxOpen: number; readonly maxPerDay: number };
  /** Opens a runner's workspace as a process of its own would. */
  inWorkspace<T>(runner: Runner, work: (workspace: Workspace) => Promise<T>): Promise<T>;
}

export interface WorkplaceOptions {
  readonly personas: number;
  readonly maxOpen: number;
  readonly maxPerDay: number;
}

export const LEDGER = 'ledger';
const BEGINNING = new Date('2026-02-02T06:00:00.000Z');

export async function workplace({ personas: many, ...settings }: WorkplaceOptions): Promise<Workplace> {
  const personas = Array.from({ length: many }, (_, at) => personaName(at));
  const laptop = await gitFolder(firstFiles(personas, settings));
  const bare = await bareRemote();
  await laptop.git('remote', 'add', 'origin', bare.dir);
  await laptop.git('push', '-q', '-u', 'origin', 'main');
  await laptop.git('branch', LEDGER);
  await laptop.git('push', '-q', 'origin', LEDGER);
  const actions = join(dirname(laptop.dir), 'actions');
  await laptop.git('clone', '-q', bare.dir, actions);
  for (const dir of [bare.dir, laptop.dir, actions])
    await laptop.git('-C', dir, 'config', 'core.fsync', 'none');
  const clock = simulatedClock(BEGINNING);
  const github = await githubEmulator({
    bare: bare.dir,
    now: () => clock.now(),
    tokens: { actions: { ...fullRights, login: 'millwright[bot]', type: 'Bot' }, laptop: fullRights },
    collaborators: ['ada', 'grace', fullRights.login],
  });
  const inActions = (...args: string[]) => laptop.git('-C', actions, ...args);
  useGithub(github);
  return {
    bare,
    github,
    clock,
    personas,
    settings,
    runners: [
      { name: 'actions', dir: actions, git: inActions },
      { name: 'laptop', dir: laptop.dir, git: laptop.git },
    ],
    inWorkspace: async ({ name, dir }, work) => {
      // The workflow works with the token of an App, the laptop with that of a person.
      const remoteEnv = { MILLWRIGHT_GITHUB_TOKEN: name };
      const workspace = await openWorkspace(dir, { clock, remoteEnv });
      try {
        return await work(workspace);
      } finally {
        workspace.close();
      }
    },
    [Symbol.asyncDispose]: async () => {
      await github[Symbol.asyncDispose]();
      await laptop[Symbol.asyncDispose]();
      await bare[Symbol.asyncDispose]();
      await rm(actions, { recursive: true, force: true });
    },
  };
}

function firstFiles(
  personas: readonly string[],
  { maxOpen, maxPerDay }: Omit<WorkplaceOptions, 'personas'>,
): Record<string, string> {
  const settings = [
    'forge: github',
    `ledger_branch: ${LEDGER}`,
    'github:',
    '  repository: mill/works',
    'proposals:',
    `  max_open: ${maxOpen}`,
    `  max_per_day: ${maxPerDay}`,
    // The next patch of a persona waits until the effect of the last one is known.
    'effects:',
    '  max_days: 1',
    '',
  ];
  return {
    'README.md': '# Works\n',
    'millwright.yaml': settings.join('\n'),
    '.gitignore': '.millwright/\n',
    ...Object.fromEntries(personas.map((id) => [`personas/${id}.yaml`, smallPersona(id)])),
  };
}

/** Passes run git, and find GitHub, by the environment of this process: nothing of this machine may get in. */
function useGithub({ url }: GithubEmulator): void {
  Object.assign(process.env, {
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GITHUB_API_URL: url,
  });
  for (const name of ['GITHUB_ACTIONS', 'GITHUB_REPOSITORY', 'GITHUB_SERVER_URL']) delete process.env[name];
}
