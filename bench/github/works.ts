import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { githubEnv } from '../../test/forge/github/github-env.ts';
import { smallPersona } from '../../test/scenario/small-persona.ts';
import { type GithubEmulator, githubEmulator } from '../../test/support/github/emulator.ts';
import { cleanGitEnv, outputOf } from '../../test/support/run-process.ts';

/** A clone of a repository on the emulator, with passes as processes of their own. */
export interface Works extends AsyncDisposable {
  readonly dir: string;
  readonly github: GithubEmulator;
  git(...args: string[]): Promise<string>;
  /** Environment of a pass. */
  readonly env: Readonly<Record<string, string>>;
  /** Requests that came in while `work` ran. */
  requestsOf(work: () => Promise<unknown>): Promise<number>;
}

/** @param personas how many there are: each can have one proposal */
export async function openWorks(home: string, personas: number): Promise<Works> {
  const [dir, bare] = [join(home, 'works'), join(home, 'works.git')];
  const git = (...args: string[]) => outputOf('git', args, { cwd: dir, env: cleanGitEnv(home) });
  await mkdir(join(dir, 'personas'), { recursive: true });
  await outputOf('git', ['init', '-q', '--bare', '-b', 'main', bare], { cwd: home, env: cleanGitEnv(home) });
  await git('init', '-q', '-b', 'main');
  const settings =
    'forge: github\ngithub: { repository: mill/works }\nproposals: { max_open: 1000, max_per_day: 1000 }\n';
  await writeFile(join(dir, 'millwright.yaml'), settings);
  await writeFile(join(dir, '.gitignore'), '.millwright/\n');
  for (let at = 0; at < personas; at += 1)
    await writeFile(join(dir, `personas/worker-${at}.yaml`), smallPersona(`worker-${at}`));
  for (const [key, value] of [
    ['user.name', 'Ada'],
    ['user.email', 'ada@example.invalid'],
  ] as const)
    await git('config', key, value);
  await git('add', '-A');
  await git('commit', '-q', '-m', 'Begin');
  await git('remote', 'add', 'origin', bare);
  await git('push', '-q', '-u', 'origin', 'main');
  const github = await githubEmulator({ bare });
  return {
    dir,
    github,
    git,
    env: githubEnv(github.url),
    requestsOf: async (work) => {
      const before = github.requests.length;
      await work();
      return github.requests.length - before;
    },
    [Symbol.asyncDispose]: async () => {
      await github[Symbol.asyncDispose]();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** One recommendation for each of these personas. */
export async function dropRoutes(dir: string, from: number, to: number): Promise<void> {
  const inbox = join(dir, 'queue/inbox/recommendation');
  await mkdir(inbox, { recursive: true });
  for (let at = from; at < to; at += 1) {
    const fields = {
      recommendation_type: 'routing',
      target_persona: `worker-${at}`,
      priority: 'high',
      title: `route a/b of worker-${at}`,
      evidence: [{ statement: 'It was seen to work better.' }],
      suggested_change: { deltas: [{ op: 'set_route', domain: 'a/b', model: 'gpt-5' }] },
    };
    await writeFile(join(inbox, `route-${at}.json`), `${JSON.stringify(fields)}\n`);
  }
}
