import { git } from '../../git/program.ts';
import type { Oid } from '../../git/repository.ts';

/**
 * The commit that a piece of work started from: where its branch left the base. Of work that is merged it is the
 * commit before it. undefined when the repository here no longer has the work.
 */
export async function startCommit(root: string, work: string | null, base: Oid): Promise<Oid | undefined> {
  if (work === null || !/^[0-9a-f]{40}$/.test(work)) return undefined;
  const fork = await ask(root, ['merge-base', work, base]);
  return fork === work ? ask(root, ['rev-parse', '--verify', '--quiet', `${work}^`]) : fork;
}

async function ask(root: string, args: readonly string[]): Promise<Oid | undefined> {
  const { code, stdout } = await git(args, { cwd: root });
  const oid = stdout.toString('utf8').trim();
  return code === 0 && oid !== '' ? oid : undefined;
}
