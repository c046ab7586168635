import { MillwrightError } from '../contracts/millwright-error.ts';
import { localRefs } from './local-refs.ts';
import { git } from './program.ts';
import type { RefTransport } from './ref-transport.ts';
import type { Remote } from './remote-refs.ts';
import type { Repository } from './repository.ts';

/** What a remote has to be asked before a branch is begun in it. */
export interface BranchHome {
  readonly repository: Repository;
  readonly remote: Remote;
  readonly refs: RefTransport;
  /** Below which refs the cells live. */
  readonly namespace: string;
  readonly ledger: string;
  /** True for a ledger branch that is not the base branch: a remote with other branches may lack it still. */
  readonly apart: boolean;
}

/**
 * Throws `branch-gone` for a branch that the remote lacks and that must not be begun there: it was renamed or
 * deleted, and a second beginning would split the history in silence. A fresh clone remembers nothing of a branch
 * that is gone, so what else the remote has is the witness.
 */
export async function refuseMissing(branch: string, home: BranchHome): Promise<void> {
  const tracking = `refs/remotes/${home.remote.remote}/${branch}`;
  if ((await localRefs(home.repository).read([tracking])).has(tracking))
    throw await gone(branch, home, `has no branch ${branch} any more`);
  const there = [...(await home.refs.look([HEADS, `${home.namespace}/`])).keys()];
  // Somebody has begun it since it was looked for.
  if (there.includes(`${HEADS}${branch}`)) return;
  const witness = there.find((ref) => (home.apart ? isOfLedger(home, ref) : isOfPeople(home, ref)));
  if (witness === undefined) return;
  const speaks = home.apart ? `, although ${witness} comes from an earlier one` : '';
  throw await gone(branch, home, `has no branch ${branch}${speaks}`);
}

const HEADS = 'refs/heads/';
const OWN = `${HEADS}millwright/`;

/** Millwright's own branches may be there first: their base comes when it is asked for. */
function isOfPeople({ ledger }: BranchHome, ref: string): boolean {
  return ref.startsWith(HEADS) && !ref.startsWith(OWN) && ref !== `${HEADS}${ledger}`;
}

/** Claims and proposals come from records. Dropped contracts and what models cost may be there before any. */
function isOfLedger({ namespace }: BranchHome, ref: string): boolean {
  if (ref.startsWith(`${namespace}/`) && /^(?:slots|explain)\//.test(ref.slice(namespace.length + 1)))
    return true;
  return /^[^/]+\/[0-9a-f]{12}$/.test(ref.startsWith(OWN) ? ref.slice(OWN.length) : '');
}

async function gone(branch: string, home: BranchHome, what: string): Promise<MillwrightError> {
  const usual = home.apart ? undefined : await defaultBranch(home);
  const known = usual === undefined || usual === branch ? '' : `; the remote's default branch is ${usual}`;
  return new MillwrightError('branch-gone', `${home.refs.name} ${what}${known}`, {
    hint: home.apart
      ? 'where it was renamed, set ledger_branch in millwright.yaml to its new name; where it was deleted, push it from a clone that has it; where the records are on another branch, push that one under this name'
      : 'where it was renamed, set ledger_branch or base_branch in millwright.yaml to its new name; where it was lost or never pushed, push it from a clone that has it',
    data: { branch, ...(usual === undefined ? {} : { default_branch: usual }) },
  });
}

/** Only for the words of an error: whatever goes wrong here, the error itself is what matters. */
async function defaultBranch({ repository, remote }: BranchHome): Promise<string | undefined> {
  const env = remote.env === undefined ? {} : { env: remote.env };
  const run = { cwd: repository.root, ...env };
  const answer = await git(['ls-remote', '--symref', '--', remote.remote, 'HEAD'], run);
  return /^ref: refs\/heads\/(.+)\tHEAD$/m.exec(answer.stdout.toString('utf8'))?.[1];
}
