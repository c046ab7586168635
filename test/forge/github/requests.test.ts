import { describe, expect, test } from 'vitest';
import { routeTo } from '../workshop.ts';
import { githubPlace } from './github-place.ts';
import { githubShop } from './github-shop.ts';
import { draftOf, openedPlace } from './open-draft.ts';

describe('the requests of a pass', () => {
  test('are fewer than five when there is nothing to do, with proposals open and capped.', async () => {
    await using shop = await githubShop({ settings: 'proposals:\n  max_open: 1\n' });
    await shop.drop('recommendation', 'a', routeTo('a/b', 'gpt-5'));
    await shop.drop('recommendation', 'b', routeTo('a/b', 'gpt-5', { target_persona: 'backend' }));
    await shop.pass();
    const results = Object.values(await shop.results()).sort((a, b) => (a < b ? -1 : 1));
    expect(results).toEqual(['capped', 'unchanged']);
    expect(await shop.requestsOf(shop.pass)).toBeLessThan(5);
    const counted = shop.github.requests.filter(({ rateCounted }) => rateCounted).length;
    await shop.pass();
    expect(shop.github.requests.filter(({ rateCounted }) => rateCounted).length).toBe(counted);
  });

  test('are about one for each open proposal when all are made anew, however many wait.', async () => {
    await using place = await githubPlace({ github: '  dashboard: false\n  labels: []\n' });
    const drafts = Array.from({ length: 12 }, (_, at) => draftOf(`n${at}`));
    const base = await place.shop.truth.git('rev-parse', 'main');
    const tree = await place.shop.truth.git('rev-parse', 'main^{tree}');
    const author = ['-c', 'user.name=x', '-c', 'user.email=x@example.invalid'];
    const commit = await place.shop.truth.git(...author, 'commit-tree', tree, '-p', base, '-m', 'x');
    const moveAll = async (to: string) => {
      await place.shop.truth.git('update-ref', 'refs/tmp/here', to);
      const refs = drafts.map(({ id }) => `+refs/tmp/here:refs/heads/${id}`);
      await place.shop.truth.git('fetch', '-q', '.', ...refs);
    };
    const forge = await place.forge();
    await moveAll(commit);
    for (const draft of drafts) await forge.open(draft, commit);
    const later = await place.forge();
    const moved = await place.shop.truth.git(...author, 'commit-tree', tree, '-p', base, '-m', 'y');
    const requests = await place.shop.requestsOf(async () => {
      const waiting = Array.from({ length: 40 }, (_, at) => `millwright/topic/waits-${at}`);
      expect(await later.list([...drafts.map(({ id }) => id), ...waiting])).toHaveLength(12);
      expect(await later.openedSince(new Date(0))).toBe(12);
      await moveAll(moved);
      for (const draft of drafts) await later.update(draft, moved);
      for (const draft of drafts) await later.update(draft, moved);
      expect(await later.list(waiting)).toHaveLength(12);
    });
    expect(requests).toBeLessThan(20);
  });

  test('read every page of many open pull requests, and those of others once.', async () => {
    await using place = await openedPlace({ emulator: { pageLimit: 2 } });
    for (const key of ['x', 'y', 'z', 'w'])
      await place.shop.github.people.openFromFork(`f/${key}`, key, { [`${key}.md`]: key });
    const forge = await place.forge();
    const requests = await place.shop.requestsOf(async () => {
      expect(await forge.list([])).toHaveLength(1);
      await forge.list([]);
    });
    expect(requests).toBe(3);
  });

  test('end with the newest five thousand open ones, with a warning; a wanted one is found by its branch.', async () => {
    await using place = await openedPlace();
    let pages = 0;
    place.shop.github.intercept(({ path }) => {
      if (!path.includes('state=open')) return undefined;
      pages += 1;
      const link = `<https://api.example.org/r?page=${pages + 1}>; rel="next"`;
      return { status: 200, headers: { link }, body: [pullOfAnother(pages)] };
    });
    const listed = await (await place.forge()).list([draftOf('one').id]);
    expect(listed).toMatchObject([{ id: draftOf('one').id, state: 'open', head: place.head }]);
    expect(pages).toBe(50);
    expect(place.warnings()).toEqual([
      expect.stringMatching(/open pull requests back to the newest 50 only/),
    ]);
  });
});

function pullOfAnother(number: number) {
  const at = '2026-01-01T00:00:00Z';
  const repo = { full_name: 'mill/works' };
  return {
    ...{ id: number, number, node_id: `PR_${number}`, state: 'open', title: 'x', user: null },
    ...{ created_at: at, updated_at: at, closed_at: null },
    head: { ref: `feature/${number}`, sha: 'a'.repeat(40), repo },
    base: { ref: 'main', repo },
  };
}
