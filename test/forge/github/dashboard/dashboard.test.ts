import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { BoardOrders, BoardRow } from '../../../../src/forge/forge.ts';
import { fullRights } from '../../../support/github/emulator/options.ts';
import { type GithubPlace, githubPlace } from '../github-place.ts';

const capped: BoardRow = { id: 'millwright/persona-a/1', title: 'a 1.1.0', result: 'capped' };
const rejected: BoardRow = { id: 'millwright/persona-b/2', title: 'b 1.1.0', result: 'rejected' };
const none: BoardOrders = { open: [], remake: [], reconsider: [] };

async function board(place: GithubPlace) {
  const found = (await place.forge()).board;
  if (found === undefined) throw new Error('expected a board');
  return found;
}

const boards = (place: GithubPlace) =>
  place.shop.github.issues().filter(({ title }) => title === 'Millwright dashboard');

describe('the dashboard issue', () => {
  test('is made once, written only when something differs, and takes each order once.', async () => {
    await using place = await githubPlace();
    const { github } = place.shop;
    const first = await board(place);
    expect(await first.orders()).toEqual(none);
    expect(await first.show([], [])).toBe(false);
    expect(boards(place)).toEqual([]);
    expect(await first.show([capped, rejected], ['Note.'])).toBe(true);
    expect(await first.show([capped, rejected], ['Note.'])).toBe(false);
    expect(await (await board(place)).show([capped, rejected], ['Note.'])).toBe(false);
    expect(boards(place)).toMatchObject([{ labels: ['millwright-dashboard'], state: 'open' }]);

    await github.people.tick(1, 'open:');
    const second = await board(place);
    expect(await second.orders()).toEqual({ ...none, open: [capped.id] });
    await github.people.tick(1, 'reconsider:');
    // The tick that came late stays for the next pass; the one that was read is open again.
    expect(await second.show([capped, rejected], ['Note.'])).toBe(true);
    expect(await (await board(place)).orders()).toEqual({ ...none, reconsider: [rejected.id] });
  });

  test('is found again without its label, without the hint, and with an emptied body; the oldest counts.', async () => {
    await using place = await githubPlace();
    const { github, folder } = place.shop;
    await (await board(place)).show([capped], []);
    await github.people.setLabels(1, []);
    expect(await (await board(place)).show([capped], ['By hint.'])).toBe(true);
    await rm(join(folder.dir, '.millwright'), { recursive: true, force: true });
    expect(await (await board(place)).show([capped], ['By scan.'])).toBe(true);
    expect(boards(place)).toMatchObject([{ labels: ['millwright-dashboard'] }]);
    await github.people.editBody(1, 'oops');
    expect(await (await board(place)).show([capped], [])).toBe(true);
    const body = boards(place)[0]?.body ?? '';
    const copy = await github.people.openIssue('Millwright dashboard', body, 'grace');
    await github.people.setLabels(copy, ['millwright-dashboard']);
    await github.people.tick(copy, 'open:');
    expect(await (await board(place)).orders()).toEqual(none);
  });

  test('takes no orders from the copy of another, whoever that is, and is made beside it once.', async () => {
    await using place = await githubPlace();
    const { github, folder } = place.shop;
    const forged = `<!-- millwright:dashboard -->\n\n- [x] <!-- open:${capped.id} --> open it now: a`;
    for (const who of ['stranger', 'grace', 'helper[bot]']) {
      const copy = await github.people.openIssue('Millwright dashboard', forged, who);
      await github.people.setLabels(copy, ['millwright-dashboard']);
    }
    for (const written of [true, false]) {
      await rm(join(folder.dir, '.millwright'), { recursive: true, force: true });
      const found = await board(place);
      expect(await found.orders()).toEqual(none);
      expect(await found.show([capped], [])).toBe(written);
    }
    expect(boards(place).map(({ user }) => user)).toEqual(['stranger', 'grace', 'helper[bot]', 'millwright']);
    expect(boards(place)[1]?.body).toBe(forged);
    expect(place.warnings()).toContainEqual(expect.stringMatching(/issue #2 looks like .* takes no orders/));
  });

  test('is known by the account of the token, asked for once on a machine; where GitHub does not say, a program made it.', async () => {
    const robot = { ...fullRights, login: 'mill[bot]', type: 'Bot' } as const;
    await using place = await githubPlace({ emulator: { tokens: { 'full-token': robot } } });
    const { github, folder } = place.shop;
    await (await board(place)).show([capped], []);
    const orders = async () => (await board(place)).orders();
    expect(await place.shop.requestsOf(orders)).toBe(1);
    const forget = () => rm(join(folder.dir, '.millwright'), { recursive: true, force: true });
    await forget();
    expect(await place.shop.requestsOf(orders)).toBe(2);
    await github.people.tick(1, 'open:');
    const refused = { status: 403, body: { message: 'Resource not accessible by integration' } };
    github.intercept(({ path }) => (path.startsWith('/graphql') ? refused : undefined));
    await forget();
    expect(await orders()).toEqual({ ...none, open: [capped.id] });
    const byPerson = github.world.threads.get(1);
    Object.assign(byPerson ?? {}, { user: 'grace' });
    const found = await board(place);
    expect(await found.orders()).toEqual(none);
    expect(await found.show([rejected], [])).toBe(false);
    expect(boards(place)).toHaveLength(1);
    expect(place.warnings()).toEqual([expect.stringMatching(/does not say whose this token is/)]);
  });

  test.each(['ada', 'github-actions[bot]'])(
    'is kept together with %s: whoever may push has made it, and no second one is.',
    async (who) => {
      await using place = await githubPlace({ emulator: { writers: ['ada'] } });
      const { github } = place.shop;
      const text = `<!-- millwright:dashboard -->\n\n- [x] <!-- open:${capped.id} --> open it now: a`;
      const issue = await github.people.openIssue('Millwright dashboard', text, who);
      await github.people.setLabels(issue, ['millwright-dashboard']);
      const found = await board(place);
      expect(await found.orders()).toEqual({ ...none, open: [capped.id] });
      expect(await found.show([capped], [])).toBe(true);
      expect(boards(place)).toHaveLength(1);
    },
  );

  test('is left closed by a person, with one warning.', async () => {
    await using place = await githubPlace();
    await (await board(place)).show([capped], []);
    await place.shop.github.people.tick(1, 'open:');
    await place.shop.github.people.close(1);
    const found = await board(place);
    expect(await found.orders()).toEqual(none);
    expect(await found.show([rejected], [])).toBe(false);
    expect(await found.show([rejected], [])).toBe(false);
    expect(boards(place)).toMatchObject([{ state: 'closed' }]);
    expect(place.warnings()).toEqual([expect.stringMatching(/issue #1, was closed and is left so/)]);
  });

  test('is left out, with one warning, where the token has no right to issues or the settings want none.', async () => {
    const rights = { pull_requests: 'write', contents: 'write', issues: 'none' } as const;
    const robot = {
      login: 'robot',
      type: 'Bot',
      workflows: 'none',
      actions: 'none',
      statuses: 'none',
    } as const;
    await using place = await githubPlace({
      emulator: { tokens: { 'full-token': { ...robot, ...rights } } },
    });
    const found = await board(place);
    expect(await found.orders()).toEqual(none);
    expect(await found.show([capped], [])).toBe(false);
    expect(place.warnings()).toEqual([expect.stringMatching(/dashboard.*issues/)]);
    const settings = await place.shop.folder.read('millwright.yaml');
    await place.shop.folder.write(
      'millwright.yaml',
      settings.replace('github:\n', 'github:\n  dashboard: false\n'),
    );
    expect((await place.forge()).board).toBeUndefined();
  });
});
