import { describe, expect, test } from 'vitest';
import { draftOf, openedPlace } from './open-draft.ts';

const { id } = draftOf('one');
const squash = '  auto_merge: squash\n';

describe('having GitHub merge a pull request', () => {
  test('waits for the checks, asks once, and is merged when they are green.', async () => {
    await using place = await openedPlace({ github: squash, emulator: { requiredChecks: true } });
    const forge = await place.forge();
    expect(await forge.merge?.(id, place.head)).toEqual({ result: 'waiting' });
    expect(place.shop.github.pulls()).toMatchObject([{ autoMerge: { method: 'squash' } }]);
    const later = await place.forge();
    await later.list([]);
    expect(await place.shop.requestsOf(async () => later.merge?.(id, place.head))).toBe(0);
    await place.shop.github.people.passChecks(1);
    expect(place.shop.github.pulls()).toMatchObject([{ merged: true }]);
  });

  test('merges at once what waits for nothing, and only the commit that was looked at.', async () => {
    await using place = await openedPlace({ github: squash });
    const moved = await (await place.forge()).merge?.(id, 'b'.repeat(40));
    expect(moved).toMatchObject({ result: 'refused', detail: expect.stringMatching(/./) });
    expect(await (await place.forge()).merge?.(id, place.head)).toEqual({ result: 'merged' });
    expect(place.shop.github.pulls()).toMatchObject([{ merged: true }]);
  });

  test.each([
    ['the settings name no method', '', {}],
    ['the repository does not allow it', squash, { autoMergeAllowed: false, requiredChecks: true }],
    ['the method is not allowed', squash, { mergeMethods: ['merge'] as const }],
    ['it is a draft', `${squash}  draft: true\n`, {}],
  ])('says in words when %s.', async (_why, github, emulator) => {
    await using place = await openedPlace({ github, emulator });
    const answer = await (await place.forge()).merge?.(id, place.head);
    expect(answer).toMatchObject({ result: 'refused', detail: expect.stringMatching(/\w+ \w+/) });
    expect(place.shop.github.pulls()).toMatchObject([{ merged: false }]);
    expect(await (await place.forge()).merge?.('millwright/topic/none', place.head)).toMatchObject({
      result: 'refused',
    });
  });
});
