import type { Octokit } from '@octokit/rest';
import { describe, expect, it } from 'vitest';
import { type GitFolder, gitFolder } from '../git-folder.ts';
import { fullRights } from './emulator/options.ts';
import { type EmulatorOptions, type GithubEmulator, githubEmulator } from './emulator.ts';
import { octokitAt } from './octokit-at.ts';

const repo = { owner: 'mill', repo: 'works' };

interface Scene extends AsyncDisposable {
  readonly bare: GitFolder;
  readonly hub: GithubEmulator;
  readonly octokit: Octokit;
  as(token: string): Octokit;
}

async function scene(options: Partial<EmulatorOptions> = {}): Promise<Scene> {
  const bare = await gitFolder({ 'a.txt': 'one\n' }, { bare: true });
  const hub = await githubEmulator({ bare: bare.dir, ...options });
  const as = (auth: string) => octokitAt(hub.url, auth);
  const end = async () => {
    await hub[Symbol.asyncDispose]();
    await bare[Symbol.asyncDispose]();
  };
  return { bare, hub, octokit: as('full-token'), as, [Symbol.asyncDispose]: end };
}

/** Opens a pull request of a fresh branch. @returns its number */
async function open({ hub, octokit }: Scene, head = 'millwright/x/1', draft = false): Promise<number> {
  await hub.people.commitTo(head, `${head}.txt`, `${head}\n`);
  const body = 'words';
  return (await octokit.pulls.create({ ...repo, title: head, body, head, base: 'main', draft })).data.number;
}

describe('the emulator of GitHub', () => {
  it('refuses with 422 and the words of GitHub what cannot be a pull request.', async () => {
    await using here = await scene();
    await open(here);
    await here.bare.git('branch', 'empty', 'main');
    await here.hub.people.commitTo('other', 'o.txt', 'o');
    const refused = [
      [{ head: 'millwright/x/1' }, /A pull request already exists for mill:millwright/],
      [{ head: 'empty' }, /No commits between main and empty/],
      [{ head: 'nowhere' }, /"field":"head","code":"invalid"/],
      [{ head: 'millwright/x/1', base: 'nowhere' }, /"field":"base","code":"invalid"/],
      [{ head: 'other', body: 'x'.repeat(65_537) }, /maximum is 65536 characters/],
    ] as const;
    for (const [fields, words] of refused) {
      const create = here.octokit.pulls.create({ ...repo, title: 'T', base: 'main', ...fields });
      await expect(create).rejects.toMatchObject({ status: 422, message: expect.stringMatching(words) });
    }
  });

  it('answers 304 to a known ETag and does not count it, until something changes.', async () => {
    await using here = await scene();
    await open(here);
    const first = await here.octokit.pulls.list(repo);
    const ask = () => here.octokit.pulls.list({ ...repo, headers: { 'if-none-match': first.headers.etag } });
    const again = await ask().catch((error: { status: number; response: typeof first }) => error);
    expect(again.status).toBe(304);
    expect(here.hub.requests.at(-1)).toMatchObject({ conditional: true, rateCounted: false });
    await here.hub.people.comment(1, 'changes the time of the last change');
    await here.hub.people.editTitle(1, 'Other');
    expect((await ask()).status).toBe(200);
    expect(here.hub.requests.at(-1)).toMatchObject({ conditional: true, rateCounted: true });
  });

  it('links the pages by the number of the repository, at its own address.', async () => {
    await using here = await scene({ pageLimit: 2 });
    for (const name of ['1', '2', '3', '4', '5']) await open(here, `millwright/x/${name}`);
    const first = await here.octokit.pulls.list({ ...repo, per_page: 100 });
    expect(first.data.map(({ number }) => number)).toEqual([5, 4]);
    expect(first.headers.link).toBe(
      `<${here.hub.url}/repositories/4242/pulls?per_page=100&page=2>; rel="next", ` +
        `<${here.hub.url}/repositories/4242/pulls?per_page=100&page=3>; rel="last"`,
    );
    const all = await here.octokit.paginate(here.octokit.pulls.list, { ...repo, direction: 'asc' });
    expect(all.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
  });

  it('knows who may do what: 401, 403 with what is needed, and 404 in private.', async () => {
    const none = { contents: 'none', pull_requests: 'none', issues: 'none', actions: 'none' } as const;
    const bot = { ...fullRights, login: 'github-actions[bot]', type: 'Bot', issues: 'none' } as const;
    const tokens = { 'full-token': fullRights, bot, stranger: { ...fullRights, ...none } };
    await using here = await scene({ tokens, isPrivate: true });
    await open(here);
    const issue = { ...repo, title: 'Board' };
    await expect(here.as('other').repos.get(repo)).rejects.toMatchObject({ status: 401 });
    await expect(here.as('stranger').repos.get(repo)).rejects.toMatchObject({ status: 404 });
    await expect(here.as('stranger').pulls.list(repo)).rejects.toMatchObject({ status: 404 });
    await expect(here.as('bot').issues.create(issue)).rejects.toMatchObject({
      status: 403,
      message: expect.stringContaining('Resource not accessible by integration'),
      response: { headers: { 'x-accepted-github-permissions': 'issues=write' } },
    });
    await expect(here.as('bot').users.getAuthenticated()).rejects.toMatchObject({ status: 403 });
    // Comments and labels of pull requests need only the right over pull requests.
    expect((await here.as('bot').issues.createComment({ ...repo, issue_number: 1, body: 'b' })).status).toBe(
      201,
    );
    const board = await here.octokit.issues.create(issue);
    const comment = { ...repo, issue_number: board.data.number, body: 'b' };
    await expect(here.as('bot').issues.createComment(comment)).rejects.toMatchObject({ status: 403 });
  });

  it('refuses before anything happens once the hour is used up, and opens again an hour later.', async () => {
    let now = new Date('2026-01-01T00:00:00Z');
    await using here = await scene({ rateLimit: 2, now: () => now });
    await here.octokit.repos.get(repo);
    const last = await here.octokit.issues.create({ ...repo, title: 'one' });
    expect(last.headers).toMatchObject({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1767229200' });
    await expect(here.octokit.issues.create({ ...repo, title: 'two' })).rejects.toMatchObject({
      status: 403,
    });
    expect(here.hub.issues()).toHaveLength(1);
    now = new Date('2026-01-01T01:00:01Z');
    expect((await here.octokit.repos.get(repo)).headers.date).toBe('Thu, 01 Jan 2026 01:00:01 GMT');
  });

  it.each(['merge', 'squash', 'rebase'] as const)('merges by %s as GitHub does.', async (method) => {
    await using here = await scene();
    const number = await open(here);
    await here.hub.people.commitTo('millwright/x/1', 'second.txt', 'two\n', 'grace');
    await here.hub.people.commitToBase('other.txt', 'meanwhile\n');
    await here.hub.people.merge(number, method, 'grace');
    const shape = await here.bare.git('log', '--first-parent', '--format=%P|%an|%cn|%s', '-3', 'main');
    const [last = ''] = shape.split('\n');
    expect({ parents: last.split('|')[0]?.split(' ').length, words: last.split('|').slice(1) }).toEqual(
      {
        merge: { parents: 2, words: ['grace', 'grace', 'Merge pull request #1 from mill/millwright/x/1'] },
        squash: { parents: 1, words: ['grace', 'grace', 'millwright/x/1 (#1)'] },
        rebase: { parents: 1, words: ['grace', 'grace', 'Change second.txt'] },
      }[method],
    );
    expect(await here.bare.git('ls-tree', '-r', '--name-only', 'main')).toBe(
      'a.txt\nmillwright/x/1.txt\nother.txt\nsecond.txt',
    );
    expect(here.hub.pulls()).toMatchObject([{ merged: true, state: 'closed', closedBy: 'grace' }]);
  });

  it('refuses to merge conflicts, drafts, old heads and what waits for checks.', async () => {
    await using here = await scene({ requiredChecks: true });
    const merge = (pull_number: number, sha?: string) =>
      here.octokit.pulls.merge({ ...repo, pull_number, ...(sha === undefined ? {} : { sha }) });
    await open(here, 'millwright/x/a');
    await open(here, 'millwright/x/b', true);
    await expect(merge(1)).rejects.toMatchObject({ status: 405 });
    await expect(merge(2)).rejects.toMatchObject({ status: 405, message: expect.stringContaining('draft') });
    await here.hub.people.passChecks(1);
    await expect(merge(1, '0'.repeat(40))).rejects.toMatchObject({ status: 409 });
    await here.hub.people.commitToBase('millwright/x/a.txt', 'a conflict\n');
    await expect(merge(1)).rejects.toMatchObject({ status: 405 });
    expect((await here.octokit.pulls.get({ ...repo, pull_number: 1 })).data.mergeable_state).toBe('dirty');
  });

  it('closes what lost its branch, and marks as merged what the base has reached.', async () => {
    await using here = await scene();
    await open(here, 'millwright/x/a');
    await open(here, 'millwright/x/b');
    await here.bare.git('update-ref', 'refs/heads/main', 'refs/heads/millwright/x/a');
    await here.hub.people.deleteBranch('millwright/x/b', 'grace');
    await here.octokit.pulls.list(repo);
    expect(here.hub.pulls()).toMatchObject([
      { merged: true, state: 'closed' },
      { merged: false, state: 'closed', closedBy: 'grace' },
    ]);
    expect(here.hub.pulls()[1]?.events.map(({ event }) => event)).toEqual(['closed', 'head_ref_deleted']);
    await expect(here.hub.people.reopen(2)).rejects.toThrow(/branch has been deleted/);
  });

  it('keeps the pull requests of a fork apart from the branches of the repository.', async () => {
    await using here = await scene();
    await here.hub.people.openFromFork('millwright/x/1', 'Mine', {
      '.github/workflows/loop.yml': 'on: push\n',
    });
    await open(here);
    const heads = (await here.octokit.pulls.list(repo)).data.map(({ head }) => head.repo?.full_name);
    expect(heads).toEqual(['mill/works', 'stranger/works']);
    expect(await here.bare.git('for-each-ref', '--format=%(refname)', 'refs/pull')).toBe('refs/pull/1/head');
  });

  it('redirects from an old name, and writes go on with the same body.', async () => {
    await using here = await scene();
    await here.hub.people.renameRepository('mill/renamed');
    const old = await fetch(`${here.hub.url}/repos/mill/works/pulls?state=all`, {
      headers: { authorization: 'token full-token' },
      redirect: 'manual',
    });
    expect(old.status).toBe(301);
    expect(old.headers.get('location')).toBe(`${here.hub.url}/repositories/4242/pulls?state=all`);
    const made = await here.octokit.issues.create({ ...repo, title: 'Board' });
    expect(made.data.repository_url).toMatch(/\/repos\/mill\/renamed$/);
    expect((await here.octokit.repos.get(repo)).data.full_name).toBe('mill/renamed');
  });

  it('takes the pull requests along when the default branch is renamed.', async () => {
    await using here = await scene();
    await open(here);
    await here.hub.people.renameDefaultBranch('trunk');
    expect((await here.octokit.repos.get(repo)).data.default_branch).toBe('trunk');
    expect(here.hub.pulls()).toMatchObject([{ base: 'trunk', state: 'open' }]);
    expect((await here.octokit.repos.getBranch({ ...repo, branch: 'main' })).data.name).toBe('trunk');
  });

  it('arms auto-merge only where something is waited for, and it goes off with the checks.', async () => {
    await using here = await scene({ requiredChecks: true });
    await open(here);
    const id = (await here.octokit.pulls.get({ ...repo, pull_number: 1 })).data.node_id;
    const enable = `mutation($id: ID!, $how: PullRequestMergeMethod) {
      enablePullRequestAutoMerge(input: { pullRequestId: $id, mergeMethod: $how }) { pullRequest { number } } }`;
    await expect(here.octokit.graphql(enable, { id, how: 'NONSENSE' })).rejects.toThrow(/NONSENSE/);
    await here.octokit.graphql(enable, { id, how: 'SQUASH' });
    expect(here.hub.pulls()[0]?.autoMerge).toEqual({ by: 'millwright', method: 'squash' });
    await here.hub.people.passChecks(1);
    expect(here.hub.pulls()).toMatchObject([{ merged: true, closedBy: 'millwright' }]);
  });

  it.each([
    [{ autoMergeAllowed: false }, 'Auto merge is not allowed for this repository'],
    [{}, 'Pull request is in clean status'],
  ])('refuses to arm auto-merge in the words of GitHub (%o).', async (options, words) => {
    await using here = await scene(options);
    await open(here);
    const asked = await here.octokit.graphql<{ repository: { pullRequest: { id: string } } }>(
      '{ repository(owner: "mill", name: "works") { pullRequest(number: 1) { id } } }',
    );
    const { id } = asked.repository.pullRequest;
    const enable =
      'mutation($id: ID!) { enablePullRequestAutoMerge(input: { pullRequestId: $id }) { actor { login } } }';
    await expect(here.octokit.graphql(enable, { id })).rejects.toMatchObject({
      errors: [{ type: 'UNPROCESSABLE', message: words }],
    });
  });

  it('answers what a test wants, cuts, and loses answers.', async () => {
    await using here = await scene();
    here.hub.intercept(({ method }) =>
      method === 'GET' ? { status: 418, body: { message: 'tea' } } : 'cut-after',
    );
    await expect(here.octokit.repos.get(repo)).rejects.toMatchObject({ status: 418 });
    await expect(here.octokit.issues.create({ ...repo, title: 'kept' })).rejects.toThrow();
    here.hub.intercept(() => 'cut');
    await expect(here.octokit.issues.create({ ...repo, title: 'lost' })).rejects.toThrow();
    here.hub.intercept(undefined);
    expect(here.hub.issues().map(({ title }) => title)).toEqual(['kept']);
  });

  it('lets people tick boxes, and edits from a browser come with CRLF.', async () => {
    await using here = await scene();
    const number = await here.hub.people.openIssue('Board', '- [ ] one\n- [ ] two\n');
    expect(await here.hub.people.tick(number, 'two')).toBe(1);
    expect(here.hub.issues()[0]?.body).toBe('- [ ] one\n- [x] two\n');
    await here.hub.people.editBody(number, 'a\nb');
    expect((await here.octokit.issues.get({ ...repo, issue_number: number })).data.body).toBe('a\r\nb');
  });

  it('takes branch names and paths with anything in them.', async () => {
    await using here = await scene();
    const odd = 'a "b" -> $(c) \\ \n😀.txt';
    await here.hub.people.commitTo('x/-$(touch-y)😀', odd, 'x');
    await here.octokit.pulls.create({ ...repo, title: '$(t)', head: 'x/-$(touch-y)😀', base: 'main' });
    const files = await here.octokit.pulls.listFiles({ ...repo, pull_number: 1 });
    expect(files.data).toMatchObject([{ filename: odd, status: 'added' }]);
  });
});
