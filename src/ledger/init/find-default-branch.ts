import { git } from '../../git/program.ts';

const HEADS = 'refs/remotes/origin';

/**
 * The branch that the host calls the default, as far as this clone can tell: what a clone was told, else the usual
 * name among the branches that were fetched. Undefined: nothing says.
 */
export async function findDefaultBranch(root: string): Promise<string | undefined> {
  const head = await git(['symbolic-ref', '--quiet', `${HEADS}/HEAD`], { cwd: root });
  if (head.code === 0) return head.stdout.toString('utf8').trim().slice(`${HEADS}/`.length);
  for (const name of ['main', 'master']) {
    const found = await git(['rev-parse', '--verify', '--quiet', `${HEADS}/${name}`], { cwd: root });
    if (found.code === 0) return name;
  }
  return undefined;
}
