import { systemClock } from '../../../src/contracts/clock.ts';
import { openWorkspace, type Workspace } from '../../../src/ledger/workspace.ts';
import { type EmulatorOptions, type GithubEmulator, githubEmulator } from '../../support/github/emulator.ts';
import { type Workshop, type WorkshopOptions, workshop } from '../workshop.ts';
import { githubEnv } from './github-env.ts';

export interface GithubShopOptions extends Omit<WorkshopOptions, 'remote' | 'remoteEnv'> {
  /** Lines below `github:` in `millwright.yaml`, each with its indentation. */
  readonly github?: string;
  readonly emulator?: Partial<Omit<EmulatorOptions, 'bare' | 'now'>>;
  /** Stands between passes and the emulator at `url`, such as a validating proxy. */
  readonly inFront?: (url: string) => Promise<{ readonly url: string } & AsyncDisposable>;
}

/** A workshop whose remote is on GitHub: the emulator over its bare repository, on the same clock. */
export interface GithubShop extends Workshop {
  readonly github: GithubEmulator;
  /** Passes from here on use this token. */
  useToken(token: string): void;
  now(): Date;
  /** As a process of its own would; whoever opens it closes it. */
  openWorkspace(): Promise<Workspace>;
  /** How many requests came in while `work` ran. */
  requestsOf(work: () => Promise<unknown>): Promise<number>;
}

export async function githubShop(options: GithubShopOptions = {}): Promise<GithubShop> {
  let ahead = 0;
  let env: Record<string, string> = {};
  const { github: lines = '', settings = '', emulator = {}, inFront, ...others } = options;
  const yaml = `forge: github\ngithub:\n  repository: mill/works\n${lines}${settings}`;
  const shop = await workshop({ ...others, settings: yaml, remote: true, remoteEnv: () => env });
  const now = () => new Date(systemClock.now().getTime() + ahead);
  const people = { collaborators: ['ada', 'grace', 'millwright'] };
  const github = await githubEmulator({ ...people, ...emulator, bare: shop.truth.dir, now });
  const front = await inFront?.(github.url);
  env = githubEnv(front?.url ?? github.url);
  return {
    ...shop,
    github,
    now,
    openWorkspace: () => openWorkspace(shop.folder.dir, { clock: { ...systemClock, now }, remoteEnv: env }),
    useToken: (token) => {
      env = { ...env, MILLWRIGHT_GITHUB_TOKEN: token };
    },
    advance: (ms) => {
      ahead += ms;
      shop.advance(ms);
    },
    requestsOf: async (work) => {
      const before = github.requests.length;
      await work();
      return github.requests.length - before;
    },
    [Symbol.asyncDispose]: async () => {
      await front?.[Symbol.asyncDispose]();
      await github[Symbol.asyncDispose]();
      await shop[Symbol.asyncDispose]();
    },
  };
}
