import { type Order, type Story, tell } from './story.ts';

/** What people do that is not about one pull request: the base, and the dashboard. */
export async function workAround(story: Story): Promise<void> {
  const { place, choice } = story;
  const { people } = place.github;
  if (choice.happens(0.3))
    await people.commitToBase('README.md', `# Works\n\n${place.clock.now().toISOString()}\n`);
  if (choice.happens(0.3)) await editPersona(story);
  if (choice.happens(0.4)) await tickBox(story);
}

/** Proposals for it are behind from now on. */
async function editPersona(story: Story): Promise<void> {
  const { place, choice } = story;
  const path = `personas/${choice.of(place.personas)}.yaml`;
  const text = await place.bare.git('show', `${place.github.world.defaultBranch}:${path}`);
  tell(story, `edit ${path} on the base`);
  await place.github.people.commitToBase(path, `# Reviewed ${choice.below(1_000)}.\n${text}\n`);
}

const box = /^\s*- \[ \].*<!-- *(open|remake|reconsider):(\S+?) *-->/;

async function tickBox(story: Story): Promise<void> {
  const { place, choice } = story;
  const board = place.github
    .issues()
    .find(({ state, title }) => state === 'open' && /dashboard/i.test(title));
  const lines = (board?.body ?? '').split('\n').filter((line) => box.test(line));
  const line = choice.of(lines);
  if (board === undefined || line === undefined) return;
  const [, order = '', what = ''] = box.exec(line) ?? [];
  const [id = '', head] = what.split('@');
  tell(story, `tick ${order} ${what}`);
  story.orders.push({ order: order as Order['order'], id, at: place.clock.now().toISOString() });
  // What was on the branch when the box was made may go; what came later may not.
  if (order === 'remake') await giveUp(story, id, head ?? '');
  await place.github.people.tick(board.number, `${order}:${what}`);
}

async function giveUp({ place, handCommits }: Story, id: string, head: string): Promise<void> {
  for (const commit of handCommits.filter(({ branch }) => branch === id)) {
    const within = await place.bare.gitCode('merge-base', '--is-ancestor', commit.oid, head);
    if (within.code === 0) commit.givenUp = 'ordered to be made anew';
  }
}
