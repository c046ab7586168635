import { git } from '../git/program.ts';
import type { Oid } from '../git/repository.ts';
import type { Workspace } from '../ledger/workspace.ts';
import type { ForgeProposal } from './forge.ts';
import { branchRef } from './proposal-branch.ts';

/** What is seen of all proposals at once, so that none of them has to be looked at alone. */
export interface ProposalSight {
  /** What the forge knows of them, and every other that Millwright has opened: those take a place as well. */
  readonly known: readonly ForgeProposal[];
  /** The commit of each branch, by the id of its proposal. */
  readonly heads: ReadonlyMap<string, Oid>;
  /** Of these commits those that the base does not have. */
  readonly outside: ReadonlySet<Oid>;
}

/** One question to the place of truth and one to git, however many there are. */
export async function lookAtProposals(
  workspace: Workspace,
  known: readonly ForgeProposal[],
  ids: readonly string[],
  base: Oid | null,
): Promise<ProposalSight> {
  if (ids.length === 0) return { known, heads: new Map(), outside: new Set() };
  const refs = await workspace.refs.read(ids.map(branchRef));
  const wanted = new Set(ids);
  const counted = known.filter(({ id, foreign }) => foreign !== true || wanted.has(id));
  const heads = new Map(
    ids.flatMap((id) => {
      const head = refs.get(branchRef(id));
      return head === undefined ? [] : [[id, head] as const];
    }),
  );
  return { known: counted, heads, outside: await outsideOf(workspace, [...new Set(heads.values())], base) };
}

/** Most branches are one commit ahead of the base, so the answer is about as long as the question. */
async function outsideOf({ root }: Workspace, heads: readonly Oid[], base: Oid | null): Promise<Set<Oid>> {
  if (heads.length === 0 || base === null) return new Set(heads);
  const { code, stdout, stderr } = await git(['rev-list', ...heads, `^${base}`, '--'], { cwd: root });
  if (code !== 0) throw new Error(`git rev-list: ${stderr}`);
  const beyond = new Set(stdout.toString('utf8').split('\n'));
  return new Set(heads.filter((head) => beyond.has(head)));
}
