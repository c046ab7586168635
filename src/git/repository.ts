import { resolve } from 'node:path';
import { MillwrightError } from '../contracts/millwright-error.ts';
import { git, gitText } from './program.ts';

export type Oid = string;

/** Where a repository's parts lie on this disk. All paths are absolute. */
export interface Repository {
  /** Top of the work tree, or the git folder itself for a bare repository. */
  readonly root: string;
  /** The git folder of this work tree. */
  readonly gitDir: string;
  /** The git folder that all work trees share: objects and refs. */
  readonly commonDir: string;
  readonly bare: boolean;
}

/** Finds the repository that holds `folder`. Throws `no-repository`. */
export async function openRepository(folder: string): Promise<Repository> {
  const cwd = resolve(folder);
  const asked = [
    'rev-parse',
    '--is-bare-repository',
    '--absolute-git-dir',
    '--git-common-dir',
    '--show-object-format',
  ];
  const answer = await git(asked, { cwd });
  if (answer.code !== 0) throw noRepository(cwd, answer.stderr);
  const [bare, gitDir = '', commonDir = '', format] = answer.stdout.toString('utf8').trim().split('\n');
  if (format !== 'sha1') throw wrongFormat(format ?? 'unknown');
  const root = bare === 'true' ? gitDir : await gitText(['rev-parse', '--show-toplevel'], { cwd });
  return { root, gitDir, commonDir: resolve(cwd, commonDir), bare: bare === 'true' };
}

function noRepository(folder: string, detail: string): MillwrightError {
  const owned = detail.includes('dubious ownership');
  return new MillwrightError('no-repository', owned ? detail : `${folder} is not in a git repository`, {
    hint: owned
      ? 'git refuses folders of other users; add this one to safe.directory if you trust it'
      : 'run "git init" there, then "millwright init"',
    data: { folder },
  });
}

function wrongFormat(format: string): MillwrightError {
  return new MillwrightError(
    'object-format',
    `expected a repository with sha1 object names, found ${format}`,
    {
      hint: 'create the repository with "git init --object-format=sha1"',
    },
  );
}
