import { proposalId } from '../../src/feedback/proposal-id.ts';
import type { EmulatedPull } from '../support/github/emulator.ts';
import type { EndState } from './end-state.ts';
import { proposalPulls, type Story } from './story.ts';

/** What is wrong at the end with proposals: duplicates, immortals, states that nothing explains. */
export async function proposalProblems(story: Story, end: EndState): Promise<string[]> {
  const pulls = proposalPulls(story);
  const branches = await branchesOf(story);
  const known = new Map(end.patches.map((patch) => [proposalId(patch), patch.id]));
  return [
    ...pulls.flatMap((pull) => {
      const patchId = known.get(pull.head);
      if (patchId === undefined) return [`#${pull.number} is of no patch`];
      const chain = (end.decisions.get(patchId) ?? []).map(({ decision }) => decision);
      return [...ofPull(story, end, pull, branches, chain), ...duplicate(pulls, pull, chain)];
    }),
    ...sameContent(end),
    ...[...end.decisions].flatMap(([id, chain]) =>
      brokenChain(
        id,
        chain.map(({ decision }) => decision),
      ),
    ),
  ];
}

async function branchesOf({ place }: Story): Promise<Set<string>> {
  const text = await place.bare.git('for-each-ref', '--format=%(refname:short)', 'refs/heads/millwright');
  return new Set(text.split('\n'));
}

function ofPull(
  story: Story,
  end: EndState,
  pull: EmulatedPull,
  branches: ReadonlySet<string>,
  chain: readonly string[],
): string[] {
  const name = `#${pull.number} ${pull.head} (${pull.merged ? 'merged' : pull.state}; ${chain.join(', ')})`;
  const newest = proposalPulls(story)
    .filter(({ head }) => head === pull.head)
    .at(-1);
  if (newest?.number !== pull.number)
    return pull.state === 'open' ? [`${name} has a newer one beside it`] : [];
  const isOpen = end.open.has(pull.head);
  const isTouched = story.handCommits.some(({ branch }) => branch === pull.head);
  const last = chain.at(-1);
  return [
    ...(pull.state === 'open' && !isOpen ? [`${name} is open, and decided`] : []),
    ...(pull.state === 'open' && end.inBase.has(pull.head) ? [`${name} is open, and in the base`] : []),
    // Offered again on the dashboard while its branch holds the work of others: it waits for "make it anew".
    ...(pull.state === 'closed' && !pull.merged && isOpen && !(isTouched && last === 'reconsidered')
      ? [`${name} is closed, and nothing says so`]
      : []),
    ...(pull.merged && last !== 'applied' && (end.inBase.has(pull.head) || !story.baseSetBack)
      ? [`${name} is merged, and nothing says so`]
      : []),
    ...(pull.state === 'closed' && branches.has(pull.head) && !isTouched && !isOpen
      ? [`${name} left its branch`]
      : []),
    ...(pull.state === 'open' && !branches.has(pull.head) ? [`${name} has no branch`] : []),
    ...unexplained(story, end, pull, name, last),
  ];
}

/** A pass has told what became of it, or died or failed while it was about to. */
function unexplained(
  story: Story,
  end: EndState,
  pull: EmulatedPull,
  name: string,
  last: string | undefined,
): string[] {
  const told = new Set(
    [
      ...end.passes.flatMap(({ proposals }) => proposals),
      ...story.passes.flatMap(({ report }) => report?.proposals ?? []),
    ]
      .filter(({ proposal_id: id }) => id === pull.head)
      .map(({ result }) => result),
  );
  const broken = story.passes.filter(({ report }) => report === undefined || report.failures.length > 0);
  const during = (at: string) => broken.some(({ startedAt, endedAt }) => startedAt <= at && at <= endedAt);
  const decision = [...end.decisions.values()]
    .flat()
    .filter(({ proposal_id: id }) => id === pull.head)
    .at(-1);
  const wanted = { applied: 'merged', rejected: 'rejected' }[last ?? ''];
  return [
    ...(told.size === 0 ? [`${name}: no pass has told of it`] : []),
    ...(wanted !== undefined && !told.has(wanted) && !during(decision?.decided_at ?? '')
      ? [`${name}: no pass has told that it is ${wanted}: ${[...told].join(', ')}`]
      : []),
  ];
}

/** A second one for a branch only after the first was closed, and that taken back. */
function duplicate(pulls: readonly EmulatedPull[], pull: EmulatedPull, chain: readonly string[]): string[] {
  const all = pulls.filter(({ head }) => head === pull.head);
  if (all[0]?.number !== pull.number || all.length === 1) return [];
  const backs = chain.filter((decision) => decision === 'reconsidered').length;
  if (all.length - 1 <= backs && all.slice(0, -1).every(({ state }) => state === 'closed')) return [];
  return [`${pull.head} has ${all.length} pull requests; its refusal was taken back ${backs} times`];
}

/** Patches of one persona that make the same change, whatever version they were made for. */
function sameContent({ patches }: EndState): string[] {
  const keys = patches.map(({ persona_id: persona, deltas }) => JSON.stringify([persona, deltas]));
  return keys.filter((key, at) => keys.indexOf(key) !== at).map((key) => `offered twice: ${key}`);
}

function brokenChain(id: string, chain: readonly string[]): string[] {
  const text = chain.join(' ');
  return /^(?:rejected reconsidered )*(?:rejected|applied|rejected reconsidered)$/.test(text)
    ? []
    : [`the decisions on ${id} make no sense: ${text}`];
}
