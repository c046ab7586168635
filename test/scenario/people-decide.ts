import type { EmulatedPull } from '../support/github/emulator.ts';
import { openPulls, proposalPulls, type Story, tell } from './story.ts';

const fresh = {
  nothing: 14,
  merge: 22,
  squash: 14,
  rebase: 10,
  'close with words': 8,
  close: 6,
  'delete its branch': 4,
  'commit beside it': 6,
  'commit to its persona': 4,
  'edit its body': 4,
  'wipe its body': 2,
  'edit its title': 3,
  'remove its labels': 5,
  'apply it by hand': 4,
  'close and open again': 4,
};
/** One that somebody has worked on is decided sooner or later. */
const edited = { nothing: 20, merge: 25, squash: 15, rebase: 10, 'close with words': 10, close: 5 };

type Deed = keyof typeof fresh;

/** Pull requests with these numbers are never looked at by anybody. */
const FORGOTTEN = 50;

/** People go through the open pull requests; most of them are decided within some days. */
export async function decideOnPulls(story: Story): Promise<void> {
  for (const pull of openPulls(story)) {
    if (pull.number % FORGOTTEN === 0) continue;
    const isEdited = story.handCommits.some(({ number }) => number === pull.number);
    const deed: Deed = story.choice.weighted<Deed>(isEdited ? { ...none, ...edited } : fresh);
    if (deed === 'nothing') continue;
    tell(story, `${deed}: #${pull.number} ${pull.head}`);
    await deeds[deed](story, pull);
  }
}

const none = Object.fromEntries(Object.keys(fresh).map((deed) => [deed, 0])) as Record<Deed, number>;

const merged = (method: 'merge' | 'squash' | 'rebase') => async (story: Story, pull: EmulatedPull) => {
  const { people } = story.place.github;
  const done = await people.merge(pull.number, method, who(story)).then(
    () => true,
    // A conflict: Millwright makes it anew, or a person closes it.
    () => false,
  );
  // Many repositories delete the branch of what is merged.
  if (done && story.choice.happens(0.4)) await deleteBranch(story, pull);
};

const deeds: Readonly<Record<Deed, (story: Story, pull: EmulatedPull) => Promise<unknown>>> = {
  nothing: async () => undefined,
  merge: merged('merge'),
  squash: merged('squash'),
  rebase: merged('rebase'),
  'close with words': (story, { number }) =>
    story.place.github.people.close(number, { comment: `Not like this: #${number}`, who: who(story) }),
  close: (story, { number }) => story.place.github.people.close(number, { who: who(story) }),
  'delete its branch': deleteBranch,
  'commit beside it': (story, pull) => commit(story, pull, `notes/${pull.number}.md`, 'A note.\n'),
  'commit to its persona': async (story, pull) => {
    const path = personaPathOf(pull);
    const text = await story.place.bare.git('show', `${pull.head}:${path}`);
    await commit(story, pull, path, `${text}\n# Looked at in #${pull.number}.\n`);
  },
  'edit its body': ({ place: { github } }, { number, body }) =>
    github.people.editBody(number, `Read by ada.\n\n${body ?? ''}`),
  'wipe its body': ({ place: { github } }, { number }) => github.people.editBody(number, ''),
  'edit its title': ({ place: { github } }, { number }) =>
    github.people.editTitle(number, `Mine now: ${number}`),
  'remove its labels': ({ place: { github } }, { number }) => github.people.setLabels(number, []),
  'apply it by hand': async ({ place: { github, bare } }, pull) => {
    const path = personaPathOf(pull);
    await github.people.commitToBase(path, `${await bare.git('show', `${pull.head}:${path}`)}\n`);
  },
  'close and open again': async ({ place: { github } }, { number }) => {
    await github.people.close(number);
    await github.people.reopen(number);
  },
};

function who({ choice }: Story): string {
  return choice.of(['ada', 'grace']) ?? 'ada';
}

async function deleteBranch(story: Story, { head, number }: EmulatedPull): Promise<void> {
  await story.place.github.people.deleteBranch(head);
  for (const commit of story.handCommits)
    if (commit.number === number) commit.givenUp = 'branch deleted by hand';
}

async function commit(story: Story, pull: EmulatedPull, path: string, text: string): Promise<void> {
  const oid = await story.place.github.people.commitTo(pull.head, path, text);
  story.handCommits.push({ oid, branch: pull.head, number: pull.number });
}

export function personaPathOf({ head }: Pick<EmulatedPull, 'head'>): string {
  return `personas/${/\/persona-([a-z0-9-]+)\//.exec(head)?.[1]}.yaml`;
}

/** Some of what was closed is opened again, where GitHub offers to: with its branch restored. */
export async function reopenSome(story: Story): Promise<void> {
  const { place, choice } = story;
  const pulls = proposalPulls(story);
  const closed = pulls.filter(
    ({ state, merged: isMerged, closedBy, number, head }) =>
      state === 'closed' &&
      !isMerged &&
      !closedBy?.startsWith('millwright') &&
      !pulls.some((other) => other.head === head && other.number > number),
  );
  const pull = choice.happens(0.35) ? choice.of(closed.slice(-10)) : undefined;
  if (pull === undefined) return;
  const ref = `refs/heads/${pull.head}`;
  const there = await place.bare.gitCode('rev-parse', '--verify', '--quiet', ref);
  if (there.code === 0 && there.stdout.trim() !== pull.headSha) return;
  tell(story, `open again: #${pull.number} ${pull.head}`);
  if (there.code !== 0) await place.bare.git('update-ref', ref, pull.headSha);
  await place.github.people.reopen(pull.number);
}
