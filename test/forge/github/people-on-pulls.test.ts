import { describe, expect, test } from 'vitest';
import { draftOf, openDraft, openedPlace } from './open-draft.ts';

const one = draftOf('one');
const next = { ...one, title: 'Another title', body: 'Another body.' };
const other = 'b'.repeat(40);

describe('what people do on a pull request', () => {
  test('keeps their words in title and text; only the hidden note follows.', async () => {
    await using place = await openedPlace();
    const { people } = place.shop.github;
    const body = place.shop.github.pulls()[0]?.body ?? '';
    await people.editBody(1, body.replace(one.body, 'My words.').replaceAll('\n', '\r\n'));
    await (await place.forge()).update(next, other);
    expect(await (await place.forge()).list([])).toMatchObject([
      { title: next.title, body: 'My words.', head: other },
    ]);
    await people.editTitle(1, 'My title');
    await (await place.forge()).update({ ...next, title: 'A third' }, other);
    expect(await (await place.forge()).list([])).toMatchObject([{ title: 'My title', body: 'My words.' }]);
  });

  test('has no commit to compare with when they spoil the note, and gets a new one; what is empty is filled.', async () => {
    await using place = await openedPlace();
    const { people } = place.shop.github;
    const note = place.shop.github.pulls()[0]?.body?.split('\n').at(-1) ?? '';
    for (const left of ['', '<!-- millwright {"id": 3} -->', `\n\n${note}`, 'Only mine.']) {
      await people.editBody(1, left);
      expect(await (await place.forge()).list([])).toMatchObject([{ head: '', state: 'open' }]);
      await (await place.forge()).update(one, place.head);
      const body = left === 'Only mine.' ? left : one.body;
      expect(await (await place.forge()).list([])).toMatchObject([{ head: place.head, body }]);
    }
    // The title was never touched: it is Millwright's again, whatever became of the note.
    await (await place.forge()).update(next, place.head);
    expect(place.shop.github.pulls()).toMatchObject([{ title: next.title }]);
  });

  test('does not count from a fork, from a copy of the note, or under another name.', async () => {
    await using place = await openedPlace();
    const { people } = place.shop.github;
    await people.openFromFork(one.id, 'Mine', { 'x.md': 'x' });
    await people.openFromFork('millwright/topic/fake', 'Mine', { 'y.md': 'y' });
    await place.shop.truth.git('branch', 'feature/x', one.id);
    const forge = await place.forge();
    expect((await forge.list([])).map(({ id }) => id)).toEqual([one.id]);
    expect(await forge.openedSince(new Date(0))).toBe(1);
    const two = draftOf('two');
    await openDraft(place, two);
    await people.editBody(place.number(two.id), place.shop.github.pulls()[0]?.body ?? '');
    const listed = await (await place.forge()).list([]);
    expect(listed.find(({ id }) => id === two.id)?.head).toBe('');
  });

  test('is remembered in the same pass when they close it in the middle of it.', async () => {
    await using place = await openedPlace();
    const forge = await place.forge();
    expect(await forge.list([one.id])).toHaveLength(1);
    await place.shop.github.people.close(1, { comment: 'stop' });
    await forge.update(next, other);
    expect(await forge.list([one.id])).toMatchObject([{ state: 'closed', reason: 'stop', closedBy: 'ada' }]);
    expect(await forge.list([])).toEqual([]);
  });

  test('is told as one that a program closed, and a copied note settles nothing.', async () => {
    await using place = await openedPlace();
    const { people } = place.shop.github;
    const [pull] = place.shop.github.pulls();
    await people.close(1, { comment: 'It is stale.', who: 'stale[bot]' });
    const forge = await place.forge();
    const told = { state: 'closed', closedBy: 'stale[bot]', closedByBot: true };
    const [listed] = await forge.list([one.id]);
    expect(listed).toMatchObject(told);
    expect(listed).not.toHaveProperty('reason');
    expect(await place.shop.requestsOf(() => forge.list([one.id]))).toBe(0);
    const copied = (pull?.body ?? '')
      .replace('"id":"millwright/topic/one"', '"id":"millwright/topic/two"')
      .replace('"} -->', '","settled":true} -->');
    expect(copied).toContain('"settled":true');
    await people.editBody(1, copied);
    expect(await (await place.forge()).list([one.id])).toMatchObject([told]);
  });

  test('has the reason of whoever closed it, not of bots, of others or of another day.', async () => {
    await using place = await openedPlace();
    const { people } = place.shop.github;
    await people.comment(1, 'old news', 'grace');
    place.shop.advance(3 * 86_400_000);
    await people.close(1, { comment: 'the reason', who: 'grace' });
    await people.comment(1, 'I do not think so', 'ada');
    await people.comment(1, 'stale', 'stale[bot]');
    expect(await (await place.forge()).list([one.id])).toMatchObject([
      { reason: 'the reason', closedBy: 'grace' },
    ]);
    await (await place.forge()).settle(one.id, 'Rejected by grace.');
    await (await place.forge()).settle(one.id, 'Rejected by grace.');
    expect(place.shop.github.pulls()[0]?.comments).toHaveLength(5);
    expect(await (await place.forge()).list([one.id])).toEqual([]);
  });

  test('is opened anew under another number once it is settled and wanted again.', async () => {
    await using place = await openedPlace();
    await place.shop.github.people.close(1);
    await (await place.forge()).settle(one.id);
    await (await place.forge()).open(one, place.head);
    expect(place.shop.github.pulls().map(({ state }) => state)).toEqual(['closed', 'open']);
    expect(await (await place.forge()).list([one.id])).toMatchObject([{ state: 'open' }]);
  });

  test('goes where a person has sent it, and follows the settings where these have changed.', async () => {
    await using place = await openedPlace();
    await place.shop.truth.git('branch', 'release', 'main');
    await place.shop.github.people.comment(1, 'to the release');
    const pull = place.shop.github.world.threads.get(1)?.pull;
    Object.assign(pull ?? {}, { base: 'release' });
    await (await place.forge()).update(next, other);
    expect(place.shop.github.pulls()).toMatchObject([{ base: 'release', title: next.title }]);
    const settings = await place.shop.folder.read('millwright.yaml');
    await place.shop.folder.write('millwright.yaml', `${settings}base_branch: release\n`);
    Object.assign(pull ?? {}, { base: 'main' });
    const forge = await place.forge();
    expect(await forge.list([])).toMatchObject([{ head: '' }]);
    await forge.update(next, other);
    expect(place.shop.github.pulls()).toMatchObject([{ base: 'release' }]);
  });

  test('leaves a comment with the old commit when a branch with their work is made anew.', async () => {
    await using place = await openedPlace();
    const theirs = await place.shop.github.people.commitTo(one.id, 'mine.md', 'mine\n');
    const forge = await place.forge();
    await forge.list([]);
    const head = await place.branch(next);
    await forge.update(next, head);
    await forge.update(next, head);
    const said = place.shop.github.pulls()[0]?.comments.map(({ body }) => body);
    expect(said).toEqual([expect.stringContaining(theirs)]);
  });

  test('has permanent addresses and pictures with every name encoded.', async () => {
    await using place = await openedPlace();
    const forge = await place.forge();
    const at = forge.permalink?.(place.head, 'state/a b/x#1.md', 3);
    expect(at).toMatch(new RegExp(`/mill/works/blob/${place.head}/state/a%20b/x%231\\.md\\?plain=1#L3$`));
    expect(forge.picture?.('artifacts/a (1).svg')).toMatch(
      /\/blob\/main\/artifacts\/a%20%281%29\.svg\?raw=true$/,
    );
  });
});
