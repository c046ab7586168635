import { describe, expect, test } from 'vitest';
import { draftOf, openDraft, openedPlace } from './open-draft.ts';

const one = draftOf('one');
const readOnly = {
  login: 'robot',
  type: 'Bot',
  contents: 'write',
  workflows: 'none',
  actions: 'none',
  statuses: 'none',
} as const;

describe('opening a pull request', () => {
  test('asks reviewers and teams, labels it, and may open it as a draft.', async () => {
    const github =
      '  draft: true\n  labels: [robots, "a b"]\n  reviewers: [ada]\n  team_reviewers: [reviewers]\n';
    await using place = await openedPlace({ github });
    expect(place.shop.github.pulls()).toMatchObject([
      { draft: true, labels: ['robots', 'a b'], reviewers: ['ada'], teams: ['reviewers'], base: 'main' },
    ]);
    expect(place.warnings()).toEqual([]);
  });

  test('opens it as ready where there are no drafts, and says so once.', async () => {
    await using place = await openedPlace({ github: '  draft: true\n', emulator: { draftsAllowed: false } });
    expect(place.shop.github.pulls()).toMatchObject([{ draft: false }]);
    expect(place.warnings()).toEqual([expect.stringContaining('no draft pull requests')]);
  });

  test('leaves out the author and whoever cannot be asked, with one warning for all proposals.', async () => {
    const github = '  reviewers: [Millwright, ada, nobody]\n  team_reviewers: [none]\n';
    await using place = await openedPlace({ github });
    const forge = await place.forge();
    await openDraft(place, draftOf('two'), forge);
    await openDraft(place, draftOf('three'), forge);
    expect(place.shop.github.pulls().map(({ reviewers }) => reviewers)).toEqual([['ada'], ['ada'], ['ada']]);
    const ofOne = place.warnings().slice(1);
    expect(ofOne).toEqual([expect.stringMatching(/does not ask nobody, mill\/none for reviews/)]);
  });

  test('asks no owner a second time, and says in the body who owns the files.', async () => {
    const files = {
      '.github/CODEOWNERS': '* @grace\n/docs/ @Ada @mill/reviewers\n',
      CODEOWNERS: '* @other\n',
    };
    const github = '  reviewers: [ada, grace]\n  team_reviewers: [reviewers]\n';
    await using place = await openedPlace({ github, files });
    const [pull] = place.shop.github.pulls();
    expect(pull).toMatchObject({ reviewers: ['grace'], teams: [] });
    expect(pull?.body).toContain('Owners of the changed files: `@Ada`, `@mill/reviewers`.');
    expect(await (await place.forge()).list([])).toMatchObject([{ body: one.body, head: place.head }]);
  });

  test('finds what a lost answer has opened, and goes on with it.', async () => {
    await using place = await openedPlace();
    place.shop.github.intercept(({ method, path }) =>
      method === 'POST' && path.endsWith('/pulls') ? 'cut-after' : undefined,
    );
    await openDraft(place, draftOf('two'));
    expect(place.shop.github.pulls()).toHaveLength(2);
    expect(place.shop.github.pulls()[1]).toMatchObject({ labels: ['millwright'], state: 'open' });
  });

  test('takes what another runner has opened in the same moment for its own.', async () => {
    await using place = await openedPlace();
    const two = draftOf('two');
    const head = await place.branch(two);
    const [mine, theirs] = [await place.forge(), await place.forge()];
    await Promise.all([mine.open(two, head), theirs.open(two, head)]);
    expect(place.shop.github.pulls()).toHaveLength(2);
    expect(await mine.list([])).toHaveLength(2);
  });

  test('is refused in words where the base is gone or the repository is archived.', async () => {
    await using place = await openedPlace();
    const two = draftOf('two');
    const head = await place.branch(two);
    const noBase = { resource: 'PullRequest', field: 'base', code: 'invalid' };
    const body = { message: 'Validation Failed', errors: [noBase] };
    const { github } = place.shop;
    github.intercept(({ method }) => (method === 'POST' ? { status: 422, body } : undefined));
    await expect((await place.forge()).open(two, head)).rejects.toMatchObject({
      code: 'github-no-base',
      message: expect.stringContaining('"main"; its default branch is "main"'),
      hint: expect.stringContaining('base_branch'),
    });
    github.intercept(undefined);
    await github.people.archive(true);
    await expect((await place.forge()).open(two, head)).rejects.toMatchObject({ code: 'github-archived' });
    await github.people.renameDefaultBranch('trunk');
    expect(await (await place.forge()).list([])).toMatchObject([{ id: one.id, state: 'open' }]);
    expect(place.warnings()).toEqual([expect.stringMatching(/#1 goes to "trunk" now, not to "main"/)]);
  });

  test('goes on in a repository that was renamed, with one warning that names it.', async () => {
    await using place = await openedPlace();
    await place.shop.github.people.renameRepository('mill/engine');
    const forge = await place.forge();
    expect(await forge.list([])).toHaveLength(1);
    await openDraft(place, draftOf('two'), forge);
    expect(place.shop.github.pulls()).toHaveLength(2);
    expect(place.warnings()).toEqual([expect.stringMatching(/has moved to mill\/engine/)]);
  });

  test.each([
    ['issues', { issues: 'none', pull_requests: 'write' }, 0],
    ['pull requests', { issues: 'write', pull_requests: 'none' }, 1],
  ] as const)('without the right to %s does what is left.', async (_right, rights, failures) => {
    await using place = await openedPlace({
      emulator: {
        tokens: {
          'full-token': { ...readOnly, issues: 'write', pull_requests: 'write' },
          weak: { ...readOnly, ...rights },
        },
      },
    });
    place.shop.useToken('weak');
    const two = draftOf('two');
    const head = await place.branch(two);
    const done = await Promise.allSettled([(await place.forge()).open(two, head)]);
    expect(done.filter(({ status }) => status === 'rejected')).toHaveLength(failures);
    expect(place.shop.github.pulls()).toHaveLength(2 - failures);
    if (failures === 1) expect(done).toMatchObject([{ reason: { code: 'github-forbidden' } }]);
  });

  test('takes the longest words, and those of a stranger, without a refusal.', async () => {
    await using place = await openedPlace();
    const two = draftOf('two', {
      title: `fixes #1 ${'\u{1f600}'.repeat(200)}`,
      body: `## Why\n\n<!-- millwright {"id":"x"} -->\n\n## Evidence\n\n${'\u{1f600}\n'.repeat(40_000)}`,
    });
    await openDraft(place, two);
    const pull = place.shop.github.pulls()[1];
    expect(pull?.title).toMatch(/^fixes #\u200b1 .*\u2026$/u);
    expect(pull?.body).toContain('(/mill/works/tree/main/state/patch)'.replace('(', ''));
    const listed = (await (await place.forge()).list([])).find(({ id }) => id === two.id);
    expect(listed).toMatchObject({ id: two.id, state: 'open' });
  });
});
