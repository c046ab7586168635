import { MillwrightError } from '../contracts/millwright-error.ts';

interface Cause {
  readonly code: string;
  readonly says: string;
  readonly hint: string;
}

const noPermission = {
  code: 'no-permission',
  hint: 'run Millwright as the owner of the repository, or correct the rights of that path',
};
const diskFull = {
  code: 'disk-full',
  says: 'no space left',
  hint: 'free some space and run the command again',
};

const inTheWay = {
  code: 'in-the-way',
  says: 'something else is in the way',
  hint: 'move what stands at that path',
};

const causes: Readonly<Record<string, Cause>> = {
  EACCES: { ...noPermission, says: 'the rights of this user do not allow it' },
  EPERM: { ...noPermission, says: 'the rights of this user do not allow it' },
  EROFS: { ...noPermission, says: 'the disk is mounted read-only' },
  EEXIST: inTheWay,
  ENOTDIR: inTheWay,
  ENOSPC: diskFull,
  EDQUOT: { ...diskFull, says: 'the quota of this user is used up' },
  EFBIG: { ...diskFull, says: 'the largest size of a file is reached' },
};

/**
 * What the operating system refuses, with a reason that a person can do something about.
 * undefined for everything else, which is then a fault of the program.
 */
export function systemFailure(error: unknown): MillwrightError | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  const cause = causes[String(error.code)];
  if (cause === undefined) return undefined;
  const where = 'path' in error ? ` at ${String(error.path)}` : '';
  return new MillwrightError(cause.code, `could not read or write${where}: ${cause.says}`, {
    hint: cause.hint,
    cause: error,
  });
}
