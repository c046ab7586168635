import { describe, expect, test } from 'vitest';
import type { Forge, ProposalDraft } from '../../../src/forge/forge.ts';

/** A forge with nothing on it, and what its people can do there. */
export interface ForgePlace extends AsyncDisposable {
  /** The adapter as a process of its own would make it: nothing is remembered. */
  forge(): Promise<Forge>;
  /** Puts the draft's branch where the forge looks for it, and says its commit. */
  branch(draft: ProposalDraft): Promise<string>;
  /** A person says no, in the way of the forge. */
  close(id: string, reason?: string): Promise<void>;
  /** Lets time go by. */
  advance(ms: number): void;
  now(): Date;
}

const HOUR_MS = 3_600_000;

function draft(key: string, more: Partial<ProposalDraft> = {}): ProposalDraft {
  return {
    id: `millwright/topic/${key}`,
    title: `Change ${key}`,
    body: `# Change ${key}\n\nBecause of the figures.`,
    files: [{ path: `docs/${key}.md`, content: `${key}\n` }],
    ...more,
  };
}

/** Ids of every proposal that a test makes. */
const everyId = ['one', 'two', 'three', 'a', 'b', 'c'].map((key) => draft(key).id);

/** What every forge does, whoever runs it. */
export function forgeSuite(name: string, open: () => Promise<ForgePlace>): void {
  const opened = async (place: ForgePlace, one: ProposalDraft) => {
    const head = await place.branch(one);
    await (await place.forge()).open(one, head);
    return head;
  };
  const listed = async (place: ForgePlace, undecided: readonly string[] = everyId) =>
    (await place.forge()).list(undecided);

  describe(`a forge ${name}`, () => {
    test('has a name and nothing on its list at first.', async () => {
      await using place = await open();
      const forge = await place.forge();
      expect(forge.name).toMatch(/^[a-z]+$/);
      expect(await forge.list(everyId)).toEqual([]);
      expect(await forge.openedSince(new Date(0))).toBe(0);
      await forge.settle('millwright/topic/unknown');
    });

    test('shows what is opened, as it was drafted.', async () => {
      await using place = await open();
      const [one, two] = [draft('one'), draft('two')];
      const heads = [await opened(place, one), await opened(place, two)];
      const list = [...(await listed(place))].sort((a, b) => (a.id < b.id ? -1 : 1));
      expect(list).toEqual(
        [one, two].map(({ id, title, body }, at) => ({
          id,
          title,
          body,
          state: 'open',
          head: heads[at],
          openedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/),
        })),
      );
    });

    test('opens a proposal once, however often it is told to.', async () => {
      await using place = await open();
      const one = draft('one');
      const head = await opened(place, one);
      const before = await listed(place);
      place.advance(HOUR_MS);
      await (await place.forge()).open(one, head);
      expect(await listed(place)).toEqual(before);
      expect(await (await place.forge()).openedSince(new Date(0))).toBe(1);
    });

    test('shows the newest words and commit after an update, and remembers when it was opened.', async () => {
      await using place = await open();
      await opened(place, draft('one'));
      const [before] = await listed(place);
      place.advance(HOUR_MS);
      const next = draft('one', {
        title: 'Another title',
        body: 'Another body.',
        files: [{ path: 'x', content: 'x' }],
      });
      const head = await place.branch(next);
      for (let time = 0; time < 2; time += 1) await (await place.forge()).update(next, head);
      expect(await listed(place)).toEqual([{ ...before, title: next.title, body: next.body, head }]);
      expect(await (await place.forge()).openedSince(new Date(0))).toBe(1);
    });

    test('tells that a person has closed a proposal, why and who, until it is settled.', async () => {
      await using place = await open();
      const one = draft('one');
      await opened(place, one);
      await place.close(one.id, 'not now: too early');
      expect(await listed(place)).toEqual([
        expect.objectContaining({
          id: one.id,
          state: 'closed',
          reason: 'not now: too early',
          closedBy: expect.stringMatching(/./),
        }),
      ]);
      await (await place.forge()).settle(one.id);
      expect(await listed(place, [])).toEqual([]);
    });

    test('tells of a "no" without a reason as one without a reason.', async () => {
      await using place = await open();
      const one = draft('one');
      await opened(place, one);
      await place.close(one.id);
      const [closed] = await listed(place);
      expect(closed?.state).toBe('closed');
      expect(closed && 'reason' in closed).toBe(false);
    });

    test('never opens again what a person has closed.', async () => {
      await using place = await open();
      const one = draft('one');
      const head = await opened(place, one);
      await place.close(one.id, 'no');
      const forge = await place.forge();
      await forge.update(one, head);
      await forge.open(one, head);
      expect(await listed(place)).toEqual([expect.objectContaining({ state: 'closed', reason: 'no' })]);
    });

    test('takes what is settled off its list, once and for all, and leaves the others.', async () => {
      await using place = await open();
      await opened(place, draft('one'));
      await opened(place, draft('two'));
      for (let time = 0; time < 2; time += 1) await (await place.forge()).settle(draft('one').id);
      expect((await listed(place, [draft('two').id])).map(({ id }) => id)).toEqual([draft('two').id]);
    });

    test('opens anew what is settled and wanted again, and says the same words twice only once.', async () => {
      await using place = await open();
      const one = draft('one');
      const head = await opened(place, one);
      await place.close(one.id, 'no');
      for (let time = 0; time < 2; time += 1) await (await place.forge()).settle(one.id, 'It was rejected.');
      expect(await listed(place)).toEqual([]);
      await (await place.forge()).open(one, head);
      expect(await listed(place)).toEqual([expect.objectContaining({ id: one.id, state: 'open', head })]);
    });

    test('knows in the same pass what it has done itself.', async () => {
      await using place = await open();
      const one = draft('one');
      const head = await place.branch(one);
      const forge = await place.forge();
      expect(await forge.list([one.id])).toEqual([]);
      await forge.open(one, head);
      expect(await forge.list([one.id])).toMatchObject([{ id: one.id, state: 'open', head }]);
      expect(await forge.openedSince(new Date(0))).toBe(1);
      await forge.update({ ...one, body: 'Anew.' }, head);
      expect(await forge.list([one.id])).toMatchObject([{ body: 'Anew.' }]);
      await forge.settle(one.id);
      expect(await forge.list([one.id])).toEqual([]);
    });

    test('counts what was opened since a time, settled or not.', async () => {
      await using place = await open();
      await opened(place, draft('one'));
      place.advance(2 * HOUR_MS);
      const between = new Date(place.now().getTime() - HOUR_MS);
      await opened(place, draft('two'));
      await opened(place, draft('three'));
      await (await place.forge()).settle(draft('two').id);
      const forge = await place.forge();
      expect(await forge.openedSince(between)).toBe(2);
      expect(await forge.openedSince(new Date(between.getTime() - 2 * HOUR_MS))).toBe(3);
      expect(await forge.openedSince(new Date(place.now().getTime() + HOUR_MS))).toBe(0);
    });

    test.each([
      ['quotes and colons', `a: "b" 'c' # d`, 'x: y\n- [ ] z'],
      ['rules and front matter', '--- --- ---', '---\nstate: closed\n---\n\nbody\n\n---\n\nmore'],
      ['other scripts', 'Änderung 日本 😀', 'ünï\n\n😀'],
      ['what YAML takes for something else', 'null', '~'],
      ['what looks like a number', '0x1F', '12'],
    ])('gives back %s as they are.', async (_what, title, body) => {
      await using place = await open();
      await opened(place, draft('one', { title, body }));
      expect(await listed(place)).toEqual([expect.objectContaining({ title, body, state: 'open' })]);
    });

    test('takes proposals of several processes at once.', async () => {
      await using place = await open();
      const drafts = ['a', 'b', 'c'].map((key) => draft(key));
      const heads: string[] = [];
      for (const one of drafts) heads.push(await place.branch(one));
      await Promise.all(drafts.map(async (one, at) => (await place.forge()).open(one, heads[at] ?? '')));
      expect((await listed(place)).map(({ id }) => id).sort((a, b) => (a < b ? -1 : 1))).toEqual(
        drafts.map(({ id }) => id),
      );
    });
  });
}
