import type { Octokit } from '@octokit/rest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GitFolder, gitFolder } from '../git-folder.ts';
import { allRoutes } from './emulator/all-routes.ts';
import { rateLimits } from './emulator/rate-limit.ts';
import { routeTable } from './emulator/route-table.ts';
import { type GithubEmulator, githubEmulator } from './emulator.ts';
import { octokitAt } from './octokit-at.ts';
import { type ValidatingMock, validatingMock } from './validating-mock.ts';

const repo = { owner: 'mill', repo: 'works' };

let bare: GitFolder;
let hub: GithubEmulator;
let mock: ValidatingMock;
let octokit: Octokit;

beforeAll(async () => {
  bare = await gitFolder({ 'a.txt': 'one\n', 'deep/b c.txt': 'two' }, { bare: true });
  hub = await githubEmulator({ bare: bare.dir });
  mock = await validatingMock({ upstream: hub.url });
  octokit = octokitAt(mock.url);
});

afterAll(async () => {
  await mock[Symbol.asyncDispose]();
  await hub[Symbol.asyncDispose]();
  await bare[Symbol.asyncDispose]();
});

/** The number of a fresh pull request of a branch of this name. */
async function openPull(head: string): Promise<{ pull_number: number; issue_number: number }> {
  await hub.people.commitTo(head, `${head}.txt`, `${head}\n`);
  const made = await octokit.pulls.create({ ...repo, title: head, body: 'words', head, base: 'main' });
  return { pull_number: made.data.number, issue_number: made.data.number };
}

/** The status that a call is refused with. */
async function statusOf(call: Promise<{ status: number }>): Promise<number> {
  return (await call.catch((error: { status: number }) => error)).status;
}

describe("the emulator's answers, held against GitHub's description,", () => {
  it('are in order for pull requests.', async () => {
    const { pull_number } = await openPull('millwright/x/1');
    const head = 'mill:millwright/x/1';
    expect((await octokit.pulls.list({ ...repo, head, state: 'all' })).data).toHaveLength(1);
    expect((await octokit.pulls.get({ ...repo, pull_number })).data).toMatchObject({
      mergeable: true,
      mergeable_state: 'clean',
      commits: 1,
      additions: 1,
      changed_files: 1,
    });
    await octokit.pulls.update({ ...repo, pull_number, title: 'Renamed', state: 'closed' });
    expect((await octokit.pulls.update({ ...repo, pull_number, state: 'open' })).data.title).toBe('Renamed');
    expect((await octokit.pulls.listCommits({ ...repo, pull_number })).data).toHaveLength(1);
    expect((await octokit.pulls.listFiles({ ...repo, pull_number })).data).toMatchObject([
      { filename: 'millwright/x/1.txt', status: 'added', additions: 1 },
    ]);
  });

  it('are in order for merging.', async () => {
    const { pull_number } = await openPull('millwright/x/merge');
    expect(await statusOf(octokit.pulls.checkIfMerged({ ...repo, pull_number }))).toBe(404);
    const wrong = octokit.pulls.merge({ ...repo, pull_number, sha: '0'.repeat(40) });
    expect(await statusOf(wrong)).toBe(409);
    const merged = await octokit.pulls.merge({ ...repo, pull_number, merge_method: 'squash' });
    expect(await bare.git('rev-parse', 'main')).toBe(merged.data.sha);
    expect(await statusOf(octokit.pulls.checkIfMerged({ ...repo, pull_number }))).toBe(204);
    expect(await statusOf(octokit.pulls.merge({ ...repo, pull_number }))).toBe(405);
  });

  it('are in order for reviewers.', async () => {
    const { pull_number } = await openPull('millwright/x/review');
    const ask = (reviewers: string[], team_reviewers: string[] = []) =>
      octokit.pulls.requestReviewers({ ...repo, pull_number, reviewers, team_reviewers });
    expect(await statusOf(ask(['ada'], ['reviewers']))).toBe(201);
    expect(await statusOf(ask(['millwright']))).toBe(422);
    expect(await statusOf(ask(['nobody']))).toBe(422);
    await octokit.pulls.removeRequestedReviewers({ ...repo, pull_number, reviewers: ['ada'] });
    expect((await octokit.pulls.listRequestedReviewers({ ...repo, pull_number })).data).toMatchObject({
      users: [],
      teams: [{ slug: 'reviewers' }],
    });
  });

  it('are in order for labels.', async () => {
    const { issue_number } = await openPull('millwright/x/labels');
    await octokit.issues.addLabels({ ...repo, issue_number, labels: ['millwright', 'a/b'] });
    await octokit.issues.removeLabel({ ...repo, issue_number, name: 'a/b' });
    expect(await statusOf(octokit.issues.removeLabel({ ...repo, issue_number, name: 'a/b' }))).toBe(404);
    expect((await octokit.issues.listLabelsOnIssue({ ...repo, issue_number })).data).toMatchObject([
      { name: 'millwright' },
    ]);
    await octokit.issues.setLabels({ ...repo, issue_number, labels: ['other'] });
    await octokit.issues.removeAllLabels({ ...repo, issue_number });
    await octokit.issues.createLabel({ ...repo, name: 'fresh', color: 'ff0000', description: 'new' });
    expect(await statusOf(octokit.issues.createLabel({ ...repo, name: 'Fresh', color: 'ff0000' }))).toBe(422);
    const all = await octokit.issues.listLabelsForRepo(repo);
    expect(all.data.map(({ name }) => name)).toEqual(['millwright', 'a/b', 'other', 'fresh']);
  });

  it('are in order for issues and comments.', async () => {
    const made = await octokit.issues.create({ ...repo, title: 'Board', body: '- [ ] a', labels: ['board'] });
    const issue_number = made.data.number;
    const said = await octokit.issues.createComment({ ...repo, issue_number, body: 'one' });
    const comment_id = said.data.id;
    await octokit.issues.updateComment({ ...repo, comment_id, body: 'two' });
    expect((await octokit.issues.getComment({ ...repo, comment_id })).data.body).toBe('two');
    expect((await octokit.issues.listComments({ ...repo, issue_number })).data).toHaveLength(1);
    await octokit.issues.deleteComment({ ...repo, comment_id });
    await octokit.issues.update({ ...repo, issue_number, body: '- [x] a', state: 'closed' });
    expect((await octokit.issues.get({ ...repo, issue_number })).data).toMatchObject({
      state_reason: 'completed',
      closed_by: { login: 'millwright' },
    });
    const listed = await octokit.issues.listForRepo({ ...repo, state: 'closed', labels: 'board' });
    expect(listed.data.map(({ number }) => number)).toEqual([issue_number]);
    const events = await octokit.issues.listEvents({ ...repo, issue_number });
    expect(events.data.map(({ event }) => event)).toEqual(['labeled', 'closed']);
  });

  it('are in order for the repository, its branches and files.', async () => {
    expect((await octokit.repos.get(repo)).data).toMatchObject({
      full_name: 'mill/works',
      default_branch: 'main',
      allow_auto_merge: true,
      permissions: { push: true },
    });
    const tip = await bare.git('rev-parse', 'main');
    expect((await octokit.repos.getBranch({ ...repo, branch: 'main' })).data.commit.sha).toBe(tip);
    expect(await statusOf(octokit.repos.getBranch({ ...repo, branch: 'nowhere' }))).toBe(404);
    expect((await octokit.git.getRef({ ...repo, ref: 'heads/millwright/x/1' })).data.object.type).toBe(
      'commit',
    );
    const rank = await octokit.repos.getCollaboratorPermissionLevel({ ...repo, username: 'ada' });
    expect(rank.data.permission).toBe('read');
    const file = await octokit.repos.getContent({ ...repo, path: 'deep/b c.txt', ref: 'main' });
    expect(file.data).toMatchObject({ type: 'file', content: 'dHdv\n' });
    expect((await octokit.repos.getContent({ ...repo, path: 'deep' })).data).toHaveLength(1);
    expect((await octokit.repos.getContent({ ...repo, path: '' })).data).not.toHaveLength(0);
    expect(await statusOf(octokit.repos.getContent({ ...repo, path: 'nowhere' }))).toBe(404);
    await octokit.repos.createDispatchEvent({ ...repo, event_type: 'inbox', client_payload: { a: 1 } });
    expect(hub.world.dispatches).toEqual([{ event: 'inbox', payload: { a: 1 } }]);
  });

  it('are in order for workflows.', async () => {
    const path = '.github/workflows/loop.yml';
    const flow = { ...repo, workflow_id: 'loop.yml' };
    const id = await hub.people.addWorkflow({ path, name: 'Loop', state: 'disabled_inactivity' });
    await hub.people.addRun(id, { createdAt: '2026-01-05T04:17:00Z' });
    expect((await octokit.actions.listRepoWorkflows(repo)).data).toMatchObject({ total_count: 1 });
    expect(await statusOf(octokit.actions.createWorkflowDispatch({ ...flow, ref: 'main' }))).toBe(422);
    await octokit.actions.enableWorkflow(flow);
    await octokit.actions.createWorkflowDispatch({ ...flow, ref: 'main' });
    expect((await octokit.actions.getWorkflow(flow)).data.state).toBe('active');
    const runs = await octokit.actions.listWorkflowRuns({ ...flow, event: 'schedule' });
    expect(runs.data.workflow_runs.map(({ created_at }) => created_at)).toEqual(['2026-01-05T04:17:00Z']);
  });

  it('are in order for the account.', async () => {
    expect((await octokit.users.getAuthenticated()).data.login).toBe('millwright');
    expect((await octokit.rateLimit.get()).data.rate.limit).toBe(5_000);
  });

  it('broke the description nowhere, and every route of the emulator was asked.', async () => {
    await octokit.graphql('{ viewer { login } }');
    expect(mock.violations).toEqual([]);
    const routes = allRoutes(rateLimits(hub.world));
    const table = routeTable(hub.world, routes);
    const asked = new Set(
      hub.requests.map(({ method, path }) => table.find(method, path.split('?')[0] ?? '')?.route.path),
    );
    expect(routes.map(({ path }) => path).filter((path) => !asked.has(path))).toEqual([]);
  });
});
