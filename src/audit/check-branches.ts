import { type GitRun, git, gitBytes } from '../git/program.ts';
import type { EvidencePlace } from './evidence.ts';
import type { ShippedResult } from './shipped-results.ts';
import type { Violation } from './violation.ts';

/**
 * Holds results against the branches where they are said to be: the head is that commit, or has gone on from it.
 * What a head has gone on from is only fetched where it is another commit.
 */
export async function checkBranches(
  place: EvidencePlace,
  results: readonly ShippedResult[],
): Promise<Violation[]> {
  const heads = await readHeads(place);
  const others = results.filter(({ branch, commit }) => !isCommit(heads.get(branch), commit));
  await fetchHeads(place, new Set(others.map(({ branch }) => branch).filter((branch) => heads.has(branch))));
  const violations: Violation[] = [];
  for (const result of others) {
    const head = heads.get(result.branch);
    if (head === undefined || !(await isBelow(place.run, result.commit, head)))
      violations.push(mismatch(result, head));
  }
  return violations;
}

async function readHeads({ run, remote }: EvidencePlace): Promise<Map<string, string>> {
  const args =
    remote === undefined
      ? ['for-each-ref', '--format=%(objectname)%09%(refname)', 'refs/heads/']
      : [...remote.settings, 'ls-remote', '--refs', '--heads', '--', remote.name];
  const text = (await gitBytes(args, remote?.run ?? run)).toString('utf8');
  const lines = text.split('\n').filter((line) => line !== '');
  return new Map(
    lines.map((line) => [line.slice(line.indexOf('\t') + 12), line.slice(0, line.indexOf('\t'))]),
  );
}

/** An abbreviation of seven digits or more is as good. */
function isCommit(head: string | undefined, commit: string): boolean {
  return head !== undefined && commit.length >= 7 && head.startsWith(commit);
}

async function fetchHeads({ remote }: EvidencePlace, branches: ReadonlySet<string>): Promise<void> {
  if (remote === undefined || branches.size === 0) return;
  const specs = [...branches].map((branch) => `+refs/heads/${branch}:refs/audit/heads/${branch}\n`);
  await gitBytes([...remote.settings, ...remote.fetch, '--stdin', '--', remote.name], {
    ...remote.run,
    input: specs.join(''),
  });
}

/** What is not here at all is not below it either. */
async function isBelow(run: GitRun, commit: string, head: string): Promise<boolean> {
  if (!/^[0-9a-f]{7,64}$/.test(commit)) return false;
  return (await git(['merge-base', '--is-ancestor', commit, head], run)).code === 0;
}

function mismatch({ slot, branch, commit, where }: ShippedResult, head: string | undefined): Violation {
  const found = head === undefined ? `no branch ${branch}` : `${branch} at ${head}`;
  return {
    rule: 'branch-mismatch',
    slot,
    where,
    found,
    expected: `${branch} at ${commit}, or gone on from it`,
  };
}
