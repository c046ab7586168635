import { describe, expect, test, vi } from 'vitest';
import { seededRandom } from '../e2e/seeded-random.ts';
import { comeToRest } from './come-to-rest.ts';
import { readEndState } from './end-state.ts';
import { ledgerProblems } from './ledger-problems.ts';
import { liveOn } from './live-on.ts';
import { proposalProblems } from './proposal-problems.ts';
import { randomChoice } from './random-choice.ts';
import { newStory, proposalPulls } from './story.ts';
import { storySeed } from './story-seed.ts';
import { turnProblems } from './turn-problems.ts';
import { watchStory } from './watch-story.ts';
import { workplace } from './workplace.ts';

vi.setConfig({ testTimeout: 3_600_000 });

const isFull = process.env.MILLWRIGHT_SCENARIO === 'full';
const size = isFull
  ? { proposals: 200, passesAWeek: 4, personas: 20, maxOpen: 14, maxPerDay: 10 }
  : { proposals: 20, passesAWeek: 1, personas: 10, maxOpen: 5, maxPerDay: 4 };

describe('three months on GitHub', () => {
  const seed = storySeed();

  test(`leave no duplicate, none immortal, and every state explained (MILLWRIGHT_SCENARIO_SEED=${seed}).`, async () => {
    await using place = await workplace(size);
    const story = newStory(place, randomChoice(seededRandom(seed)));
    const { turns, problems } = await liveOn(story, watchStory(story), { days: 91, ...size });
    await comeToRest(story, 8);
    const end = await readEndState(story);
    const wrong = [
      ...problems,
      ...turnProblems(turns),
      ...(await proposalProblems(story, end)),
      ...(await ledgerProblems(place)),
    ];
    if (wrong.length > 0) process.stderr.write(`${story.diary.join('\n')}\n`);
    expect({ seed, wrong }).toEqual({ seed, wrong: [] });
    expect(proposalPulls(story).length).toBeGreaterThanOrEqual(size.proposals * 0.95);
  });
});
