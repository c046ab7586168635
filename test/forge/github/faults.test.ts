import { describe, expect, test } from 'vitest';
import { faultScript } from '../../support/github/fault-script.ts';
import { githubPlace } from './github-place.ts';
import { draftOf, openDraft } from './open-draft.ts';

const one = draftOf('one');
const behind = (script: string) =>
  githubPlace({ github: '  dashboard: false\n', inFront: (url) => faultScript(script, url) });

describe('the forge on a GitHub that fails', () => {
  test.each(['bad-gateway-twice', 'lost-answer', 'repeated-page', 'pull-exists', 'reviewer-unknown'])(
    'by %s opens one pull request in the end.',
    async (script) => {
      await using place = await behind(script);
      const head = await place.branch(one);
      await (await place.forge()).open(one, head).catch(() => undefined);
      await (await place.forge()).open(one, head);
      expect(place.shop.github.pulls()).toMatchObject([{ state: 'open', head: one.id }]);
    },
  );

  test('by a closing in the middle of a pass takes it for closed from then on.', async () => {
    await using place = await behind('closed-mid-run');
    await openDraft(place, one);
    const forge = await place.forge();
    expect(await forge.list([one.id])).toMatchObject([{ state: 'open' }]);
    await forge.update({ ...one, body: 'Anew.' }, 'b'.repeat(40));
    expect(await forge.list([one.id])).toMatchObject([{ state: 'closed' }]);
  });

  test.each(['truncated-page', 'cut-page', 'primary-limit', 'bad-credentials', 'not-found'])(
    'by %s never shows half a list.',
    async (script) => {
      await using place = await behind(script);
      const listed = await Promise.allSettled([(await place.forge()).list([one.id])]);
      for (const answer of listed)
        if (answer.status === 'rejected')
          expect(answer.reason).toMatchObject({ code: expect.stringMatching(/^github-/) });
        else expect(answer.value).toEqual([]);
    },
  );
});
