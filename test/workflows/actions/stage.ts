import { chmod, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { initWorkspace } from '../../../src/ledger/init-workspace.ts';
import type { BuiltTree } from '../../e2e/built-tree.ts';
import { bareRemote, type GitFolder, gitFolder } from '../../support/git-folder.ts';
import { fullRights } from '../../support/github/emulator/options.ts';
import { type GithubEmulator, githubEmulator } from '../../support/github/emulator.ts';
import { httpGitServer } from '../../support/http-git-server.ts';
import type { Happening } from './happening.ts';
import { ownFile } from './workflow-file.ts';

/** A repository on GitHub, with Millwright laid into it, and machines that can run its workflows. */
export interface Stage extends AsyncDisposable {
  readonly remote: GitFolder;
  /** A person's clone. */
  readonly person: GitFolder;
  readonly hub: GithubEmulator;
  /** Something that happens on the tip of a branch; further fields replace what is usual. */
  happens(event: string, more?: Partial<Happening> & { readonly branch?: string }): Promise<Happening>;
  /** Files of a person on a branch, pushed. @returns the commit */
  push(branch: string, files: Readonly<Record<string, string | null>>, message?: string): Promise<string>;
  /** A program that stands in front of those of the machine. */
  double(name: string, script: string): Promise<void>;
}

const TOKEN = 'full-token';
const REPOSITORY = 'mill/works';

export async function openStage(built: BuiltTree): Promise<Stage> {
  const top = await realpath(await mkdtemp(join(tmpdir(), 'millwright-stage-')));
  const remote = await bareRemote();
  await remote.git('config', 'uploadpack.allowAnySHA1InWant', 'true');
  const person = await gitFolder({ 'README.md': '# Ours\n' });
  await initWorkspace(person.dir, { github: true });
  await person.git('remote', 'add', 'origin', remote.dir);
  await person.git('push', '-q', '-u', 'origin', 'main');
  const hub = await githubEmulator({
    bare: remote.dir,
    repository: REPOSITORY,
    tokens: { [TOKEN]: fullRights, 'app-token': { ...fullRights, login: 'mill-app[bot]', type: 'Bot' } },
  });
  await mkdir(join(top, 'git', dirname(REPOSITORY)), { recursive: true });
  await symlink(remote.dir, join(top, 'git', REPOSITORY));
  const server = await httpGitServer({ root: join(top, 'git'), user: 'x-access-token', password: TOKEN });
  const bin = join(top, 'bin');
  await mkdir(bin);
  const prepare = (tools: string) => fillToolCache(tools, built);
  return {
    remote,
    person,
    hub,
    happens: async (event, { branch = 'main', payload, ...more } = {}) => ({
      top,
      event,
      payload: { repository: { fork: false, default_branch: 'main', full_name: REPOSITORY }, ...payload },
      ref: `refs/heads/${branch}`,
      sha: await remote.git('rev-parse', `refs/heads/${branch}`),
      repository: REPOSITORY,
      server: server.url,
      api: hub.url,
      token: TOKEN,
      env: { PATH: [bin, process.env.PATH].join(delimiter) },
      prepare,
      ...more,
    }),
    push: (branch, files, message = 'Change') => pushFiles(person, branch, files, message),
    double: async (name, script) => {
      await writeFile(join(bin, name), `#!/usr/bin/env bash\n${script}\n`);
      await chmod(join(bin, name), 0o755);
    },
    [Symbol.asyncDispose]: async () => {
      for (const part of [server, hub, remote, person]) await part[Symbol.asyncDispose]();
      await rm(top, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** What an earlier run would have installed: the program of this tree. */
async function fillToolCache(tools: string, built: BuiltTree): Promise<void> {
  const { version } = JSON.parse(await ownFile('package.json')) as { version: string };
  const bin = join(tools, 'millwright', `millwright_${version}`, 'node_modules/.bin');
  await mkdir(bin, { recursive: true });
  const main = built.path('src/cli/main.ts');
  await writeFile(join(bin, 'millwright'), `#!/usr/bin/env bash\nexec node ${main} "$@"\n`, { mode: 0o755 });
}

async function pushFiles(
  person: GitFolder,
  branch: string,
  files: Readonly<Record<string, string | null>>,
  message: string,
): Promise<string> {
  await person.git('fetch', '-q', 'origin');
  const start = await person.gitCode('rev-parse', '--verify', '--quiet', `refs/remotes/origin/${branch}`);
  const from = start.code === 0 ? `refs/remotes/origin/${branch}` : 'refs/remotes/origin/main';
  await person.git('checkout', '-q', '--no-track', '-B', branch, from);
  for (const [path, content] of Object.entries(files)) {
    if (content === null) await rm(join(person.dir, path));
    else await person.write(path, content);
  }
  await person.git('add', '--all');
  await person.git('commit', '-q', '-m', message);
  await person.git('push', '-q', 'origin', `refs/heads/${branch}`);
  return person.git('rev-parse', 'HEAD');
}

/** The text of a file of a machine's checkout. */
export function readFrom(folder: string, path: string): Promise<string> {
  return readFile(join(folder, path), 'utf8');
}
