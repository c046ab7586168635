import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { comeToRest, worldOf } from './come-to-rest.ts';
import { dropRecommendations } from './drop-recommendations.ts';
import { readEndState } from './end-state.ts';
import { ledgerProblems } from './ledger-problems.ts';
import { runTurn } from './live-on.ts';
import { workAround } from './people-around.ts';
import { decideOnPulls, reopenSome } from './people-decide.ts';
import { proposalProblems } from './proposal-problems.ts';
import { randomChoice } from './random-choice.ts';
import { runRunner } from './run-runner.ts';
import { newStory, type Story } from './story.ts';
import { storySeed } from './story-seed.ts';
import { watchStory } from './watch-story.ts';
import { workplace } from './workplace.ts';

vi.setConfig({ testTimeout: 300_000 });

const deeds = {
  drop: (story: Story) => dropRecommendations(story, 1),
  pass: (story: Story) => runTurn(story, 'none'),
  'pass with trouble': (story: Story) => runTurn(story),
  decide: decideOnPulls,
  reopen: reopenSome,
  around: workAround,
} as const;

const names = Object.keys(deeds) as (keyof typeof deeds)[];
const size = { personas: 3, maxOpen: 2, maxPerDay: 2 };

test('whatever people and passes do in whatever order, two passes after they stop nothing moves any more.', async () => {
  const seed = storySeed();
  const order = fc.array(fc.constantFrom(...names), { minLength: 4, maxLength: 9 });
  await fc.assert(
    fc.asyncProperty(
      order,
      fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
      (steps, numbers) => converges(steps, () => numbers.next().value),
    ),
    { seed, numRuns: 2, endOnFailure: true },
  );
});

async function converges(steps: readonly (keyof typeof deeds)[], number: () => number): Promise<void> {
  await using place = await workplace(size);
  const story = newStory(place, randomChoice(number));
  const watch = watchStory(story);
  const wrong: string[] = [];
  for (const step of ['drop', 'pass', ...steps] as const) {
    await deeds[step](story);
    wrong.push(...(await watch.look()));
    place.clock.advance(3_600_000);
  }
  const [actions, laptop] = place.runners;
  await runRunner(place, actions);
  await runRunner(place, laptop);
  const before = await worldOf(story);
  const last = await runRunner(place, actions);
  expect({ changed: last.report?.changed, diary: story.diary }).toMatchObject({ changed: false });
  expect(await worldOf(story)).toBe(before);
  await comeToRest(story, 8);
  wrong.push(...(await proposalProblems(story, await readEndState(story))), ...(await ledgerProblems(place)));
  expect({ wrong, diary: wrong.length === 0 ? [] : story.diary }).toEqual({ wrong: [], diary: [] });
}
