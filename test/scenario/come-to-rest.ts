import { runRunner } from './run-runner.ts';
import type { Story } from './story.ts';

/** Everything that a pass could change, as text. */
export async function worldOf({ place }: Story): Promise<string> {
  const refs = await place.bare.git('for-each-ref', '--format=%(refname) %(objectname)');
  const pulls = place.github.pulls().map(({ number, state, title, body, labels, comments, headSha }) => ({
    ...{ number, state, title, body, labels, headSha },
    comments: comments.length,
  }));
  const issues = place.github
    .issues()
    .map(({ number, state, title, body }) => ({ number, state, title, body }));
  return JSON.stringify({ refs, pulls, issues }, null, 1);
}

/**
 * Passes by turns until one changes nothing.
 * @returns how many passes changed something
 */
export async function comeToRest(story: Story, most: number): Promise<number> {
  const { place } = story;
  for (let passes = 0; passes < most; passes += 1) {
    const runner = place.runners[passes % 2] ?? place.runners[0];
    const before = await worldOf(story);
    const note = await runRunner(place, runner);
    story.passes.push(note);
    if (note.report === undefined || note.report.failures.length > 0)
      throw new Error(`a pass without any trouble failed: ${JSON.stringify(note)}`);
    if (!note.report.changed && (await worldOf(story)) === before) return passes;
    // The caps of the day, and the measurements that take one, are over by the next pass.
    place.clock.advance(25 * 3_600_000);
  }
  throw new Error(`there is no rest after ${most} passes: ${JSON.stringify(story.passes.at(-1))}`);
}
