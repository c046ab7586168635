import { MillwrightError } from '../contracts/millwright-error.ts';

/**
 * The parts of a repository path. No path leaves the tree or enters a git folder, whoever computed it.
 * Throws `unsafe-path`.
 */
export function safeParts(path: string): string[] {
  const parts = path.split('/');
  if (parts.some(isUnsafe))
    throw new MillwrightError(
      'unsafe-path',
      `expected a path inside the workspace, found ${JSON.stringify(path)}`,
      { data: { path } },
    );
  return parts;
}

function isUnsafe(part: string): boolean {
  return part === '' || part === '.' || part === '..' || part.includes('\0') || isGitFolder(part);
}

/** Characters that HFS+ leaves out when it compares names. */
const ignoredByHfs = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

/**
 * ".git" under every name that some file system takes for it, as `git fsck` and most servers refuse them:
 * in other case, with ignored characters, with dots or spaces at the end, by its short name, as a stream.
 */
function isGitFolder(part: string): boolean {
  const seen = part.replaceAll(ignoredByHfs, '');
  return seen.split('\\').some((piece) => /^(?:\.git|git~1)[ .]*(?:$|:)/i.test(piece));
}
