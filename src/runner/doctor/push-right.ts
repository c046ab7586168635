import { git } from '../../git/program.ts';
import type { Workspace } from '../../ledger/workspace.ts';
import type { Right } from './probe-right.ts';

const NO_BRANCH = 'refs/heads/millwright/doctor';
const refusal =
  /returned error: 40[13]|Write access to repository not granted|Permission to .* denied|marked as read only|Authentication failed|could not read (?:Username|Password)|terminal prompts disabled/i;

/**
 * Whether git may push with the token or key that it uses itself, found out by a push that is a trial only: git asks
 * for the right, and then sends nothing. Undefined where the workspace has no remote.
 */
export async function pushRight({ remote, root }: Workspace): Promise<Right | undefined> {
  if (remote === undefined) return undefined;
  const { code, stderr } = await git(
    [
      ...(/^[\w.-]+$/.test(remote.remote) ? ['-c', `remote.${remote.remote}.mirror=false`] : []),
      ...['push', '--dry-run', '--no-verify', '--no-follow-tags', '--recurse-submodules=no'],
      ...['--', remote.remote, `HEAD:${NO_BRANCH}`],
    ],
    { cwd: root, env: remote.env ?? {} },
  );
  if (code === 0) return { standing: 'held', words: '' };
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const words = lines.find((line) => refusal.test(line)) ?? lines[0] ?? `git push ended with ${code}`;
  return { standing: refusal.test(stderr) ? 'missing' : 'unknown', words: words.trim() };
}
