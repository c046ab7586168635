import { showText } from '../../../contracts/issue.ts';
import { MillwrightError } from '../../../contracts/millwright-error.ts';
import type { ObjectStore } from '../../../git/object-store.ts';
import { git, gitText } from '../../../git/program.ts';
import type { Oid } from '../../../git/repository.ts';

/** What a change is held against. */
export interface DiffRange {
  readonly head: Oid;
  /** The tip of the branch that the change goes to. */
  readonly base: Oid;
  /** The newest commit that both have. */
  readonly fork: Oid;
  /** True when the clone lacks older commits. */
  readonly shallow: boolean;
}

/**
 * Finds the commits between which a change lies. Throws `unknown-base` when BASE names no commit that is here, and
 * `no-merge-base` when HEAD and BASE have no history in common, or none that is here.
 * @param name a branch, tag or commit; a branch that is only in the remote is found there
 */
export async function findBase(
  root: string,
  store: ObjectStore,
  name: string,
  remote: string | false = 'origin',
): Promise<DiffRange> {
  const head = await commitAt(store, 'HEAD');
  if (head === undefined) throw nothingHere();
  const base = await baseCommit(store, name, remote);
  const shallow = await isShallow(root);
  if (base === undefined) throw unknownBase(name, shallow);
  const answer = await git(['merge-base', head, base], { cwd: root });
  const [fork = ''] = answer.stdout.toString('utf8').trim().split('\n');
  if (answer.code !== 0 || fork === '') throw noMergeBase(name, shallow);
  return { head, base, fork, shallow };
}

async function baseCommit(
  store: ObjectStore,
  name: string,
  remote: string | false,
): Promise<Oid | undefined> {
  const here = await commitAt(store, name);
  return here ?? (remote === false ? undefined : commitAt(store, `refs/remotes/${remote}/${name}`));
}

/** Asked on the standard input of git, where a name that looks like an option is a name. */
async function commitAt(store: ObjectStore, name: string): Promise<Oid | undefined> {
  if (name === '' || /[\s\p{Cc}]/u.test(name)) return undefined;
  const found = await store.read(`${name}^{commit}`);
  return found?.type === 'commit' ? found.oid : undefined;
}

async function isShallow(root: string): Promise<boolean> {
  return (await gitText(['rev-parse', '--is-shallow-repository'], { cwd: root })) === 'true';
}

const DEEPER =
  'this clone is shallow: fetch the whole history (fetch-depth: 0 of actions/checkout, or git fetch --unshallow)';

function unknownBase(name: string, shallow: boolean): MillwrightError {
  const hint = shallow ? DEEPER : 'fetch it first, and name it as git does, such as origin/main';
  return new MillwrightError(
    'unknown-base',
    `expected a branch, tag or commit after --diff, found ${showText(JSON.stringify(name))}, which is not here`,
    {
      hint,
      data: { base: name, shallow },
    },
  );
}

function noMergeBase(name: string, shallow: boolean): MillwrightError {
  const message = `expected HEAD and ${showText(name)} to have a commit in common, found none${shallow ? ' in the part of the history that is here' : ''}`;
  const hint = shallow
    ? DEEPER
    : 'the two have grown apart from the start: begin the change anew on the base branch. A ledger branch that the first pass made stays apart: it is not merged';
  return new MillwrightError('no-merge-base', message, { hint, data: { base: name, shallow } });
}

function nothingHere(): MillwrightError {
  return new MillwrightError(
    'unknown-base',
    'expected a commit at HEAD, found none: there is nothing to compare',
    {
      hint: 'commit the change first',
    },
  );
}
