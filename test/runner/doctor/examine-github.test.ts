import { rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Check } from '../../../src/runner/doctor/check.ts';
import { examineGithub } from '../../../src/runner/doctor/examine-github.ts';
import { readRequests } from '../../../src/runner/doctor/read-requests.ts';
import { freshWorkspace, inWorkspace } from '../../e2e/prepared-workspace.ts';
import { bareRemote, type GitFolder } from '../../support/git-folder.ts';
import { fullRights } from '../../support/github/emulator/options.ts';
import { type EmulatorOptions, githubEmulator } from '../../support/github/emulator.ts';
import { httpGitServer } from '../../support/http-git-server.ts';
import { manualClock } from './manual-clock.ts';

const loop = 'on:\n  schedule:\n    - cron: "7 2 * * 0"\n    - cron: "37 5 * * *"\njobs: {}\n';
const now = '2026-11-21T08:00:00.000Z';
const tokens: NonNullable<EmulatorOptions['tokens']> = {
  github_pat_full: fullRights,
  github_pat_reads: {
    ...fullRights,
    ...({ contents: 'read', pull_requests: 'read', issues: 'read', actions: 'read' } as const),
  },
  github_pat_pulls: { ...fullRights, issues: 'none', actions: 'none', contents: 'read' },
  ghs_workflow: { ...fullRights, login: 'github-actions[bot]', type: 'Bot', actions: 'none' },
};

let folder: GitFolder;
let remote: GitFolder;
beforeAll(async () => {
  folder = await freshWorkspace('forge: github\ngithub: { repository: mill/works, auto_merge: squash }\n');
  await folder.write('.github/workflows/loop.yml', loop);
  await folder.git('add', '--all');
  await folder.git('commit', '-q', '-m', 'Schedule');
  remote = await bareRemote();
  await folder.git('remote', 'add', 'origin', remote.dir);
  await folder.git('push', '-q', 'origin', 'main');
});
afterAll(() => Promise.all([folder[Symbol.asyncDispose](), remote[Symbol.asyncDispose]()]));

/** GitHub around the remote, which nobody has asked anything yet. */
async function hosted(options: Partial<EmulatorOptions> = {}) {
  await rm(join(folder.dir, '.millwright'), { recursive: true, force: true });
  const hub = await githubEmulator({ bare: remote.dir, tokens, now: () => new Date(now), ...options });
  // A route that the emulator leaves out: no branch is made of a commit that is not there.
  hub.intercept(({ method, path, headers }) =>
    method === 'POST' && path.endsWith('/git/refs')
      ? tokens[String(headers.authorization).split(' ')[1] ?? '']?.contents === 'write'
        ? { status: 422, body: { message: 'Object does not exist' } }
        : { status: 403, body: { message: 'Resource not accessible by personal access token' } }
      : undefined,
  );
  const examineWith = (env: Readonly<Record<string, string>>): Promise<Check[]> =>
    inWorkspace(
      folder.dir,
      ({ workspace }) => examineGithub(workspace, { GITHUB_API_URL: hub.url, ...env }),
      {
        clock: manualClock(now),
        lookOnly: true,
      },
    );
  return {
    hub,
    examine: (token: string) => examineWith({ MILLWRIGHT_GITHUB_TOKEN: token }),
    examineWith,
    [Symbol.asyncDispose]: () => hub[Symbol.asyncDispose](),
  };
}

const verdicts = (checks: readonly Check[]) =>
  Object.fromEntries(checks.map(({ name, verdict }) => [name, verdict]));
const detailOf = (checks: readonly Check[], wanted: string) =>
  checks.find(({ name }) => name === wanted)?.detail;

describe('what a token may do on GitHub', () => {
  test('with every right, each feature is there, and nothing was made to find that out.', async () => {
    await using place = await hosted();
    await place.hub.people.addWorkflow({ path: '.github/workflows/loop.yml', name: 'Loop', state: 'active' });
    await place.hub.people.addRun(1, { event: 'schedule', createdAt: now });
    const refs = await remote.git('for-each-ref');
    const checks = await place.examine('github_pat_full');
    const workflow = [...place.hub.world.workflows.values()][0];
    expect(verdicts(checks)).toMatchObject({
      forge: 'ok',
      repository: 'ok',
      token: 'ok',
      'records and branches': 'ok',
      proposals: 'ok',
      labels: 'ok',
      reviewers: 'ok',
      dashboard: 'ok',
      'auto-merge': 'ok',
      'workflow dispatch': 'ok',
      pages: 'ok',
      'ledger branch': 'ok',
      requests: 'ok',
    });
    expect(detailOf(checks, 'ledger branch')).toBe('main takes pushes');
    expect(detailOf(checks, 'token')).toBe(
      'a fine-grained token of millwright, from MILLWRIGHT_GITHUB_TOKEN',
    );
    expect(place.hub.pulls()).toEqual([]);
    expect(place.hub.issues()).toEqual([]);
    expect(place.hub.world.dispatches).toEqual([]);
    expect(workflow?.runs.filter(({ event }) => event !== 'schedule')).toEqual([]);
    expect(await remote.git('for-each-ref')).toBe(refs);
    const writes = place.hub.requests.filter(({ method }) => method !== 'GET');
    expect(writes.map(({ status }) => status)).toEqual([422, 422, 422, 422]);
    expect(place.hub.requests.length).toBeLessThan(25);
    const counted = await inWorkspace(folder.dir, ({ workspace }) => readRequests(workspace), {
      clock: manualClock(now),
    });
    const free = place.hub.requests.filter(({ status }) => status === 304);
    expect(counted).toEqual({ used: place.hub.requests.length - free.length, limit: 1_000 });
  });

  test('without a right, one line says so and the other features are judged all the same.', async () => {
    await using place = await hosted();
    const checks = await place.examine('github_pat_pulls');
    expect(verdicts(checks)).toMatchObject({
      proposals: 'ok',
      labels: 'ok',
      reviewers: 'ok',
      dashboard: 'warning',
      'auto-merge': 'warning',
      schedules: 'warning',
    });
    expect(checks.find(({ name }) => name === 'dashboard')).toMatchObject({
      detail: expect.stringContaining(
        'lacks issues: write (Resource not accessible by personal access token)',
      ),
      hint: 'give the token issues: write',
    });
  });

  test('that only reads: no proposals is a failure, the rest are warnings.', async () => {
    await using place = await hosted();
    const checks = await place.examine('github_pat_reads');
    expect(verdicts(checks)).toMatchObject({ proposals: 'failed', labels: 'warning', dashboard: 'warning' });
    expect(detailOf(checks, 'records and branches')).toBe(
      'git may push; the token for the API lacks contents: write, which pushes do not use',
    );
    expect(place.hub.pulls()).toEqual([]);
  });

  test('that git may not push with: no record can be kept, and no branch is said to take pushes.', async () => {
    await using place = await hosted();
    const refuse = ({ url = '' }) =>
      url.includes('git-receive-pack') ? { status: 403, body: 'Write access not granted.\n' } : undefined;
    await using server = await httpGitServer({ root: dirname(remote.dir), intercept: refuse });
    await folder.git('remote', 'set-url', 'origin', `${server.url}/${basename(remote.dir)}`);
    const checks = await place.examine('github_pat_reads');
    await folder.git('remote', 'set-url', 'origin', remote.dir);
    expect(checks.find(({ name }) => name === 'records and branches')).toMatchObject({
      verdict: 'failed',
      detail: expect.stringMatching(/^no record, no claim .* lacks contents: write \(.*error: 403\)$/),
      hint: expect.stringContaining('permissions: contents: write'),
    });
    expect(detailOf(checks, 'ledger branch')).toBe('main is there, and no rule refuses pushes');
    expect(await remote.git('for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
  });

  test('of a workflow: what no permission changes is said, and the setting that forbids pull requests is named.', async () => {
    await using place = await hosted({ actionsMayOpenPulls: false });
    const checks = await place.examineWith({ GITHUB_ACTIONS: 'true', GITHUB_TOKEN: 'ghs_workflow' });
    expect(detailOf(checks, 'token')).toBe("the workflow's own token, from GITHUB_TOKEN");
    expect(detailOf(checks, 'workflow token')).toContain('starts no workflow');
    expect(checks.find(({ name }) => name === 'proposals')).toMatchObject({
      verdict: 'failed',
      hint: expect.stringContaining('Allow GitHub Actions to create and approve pull requests'),
    });
  });

  test('that GitHub does not know, or that is not there: one check says what to do.', async () => {
    await using place = await hosted();
    expect(await place.examine('ghp_wrong')).toEqual([
      expect.objectContaining({
        name: 'GitHub',
        verdict: 'failed',
        detail: expect.stringContaining('does not accept'),
      }),
    ]);
    expect(await place.examineWith({})).toEqual([
      expect.objectContaining({ detail: expect.stringContaining('set MILLWRIGHT_GITHUB_TOKEN') }),
    ]);
  });

  test('that expires soon is warned about.', async () => {
    await using place = await hosted();
    place.hub.intercept(({ method, path }) =>
      method === 'GET' && path.startsWith('/user')
        ? {
            status: 200,
            headers: { 'github-authentication-token-expiration': '2026-11-30 08:00:00 UTC' },
            body: { login: 'millwright' },
          }
        : undefined,
    );
    const checks = await place.examine('github_pat_full');
    expect(checks.find(({ name }) => name === 'token')).toMatchObject({
      verdict: 'warning',
      detail: expect.stringContaining('expires in 9 days'),
    });
  });
});

describe('what GitHub says of the repository', () => {
  test('another name, another default branch and a missing base are told.', async () => {
    await using place = await hosted();
    await place.hub.people.renameDefaultBranch('trunk');
    await place.hub.people.renameRepository('mill/works-2');
    const checks = await place.examine('github_pat_full');
    expect(detailOf(checks, 'repository')).toBe(
      'mill/works is called mill/works-2 now; GitHub still leads there',
    );
    expect(detailOf(checks, 'default branch')).toContain('it is trunk; proposals go to main');
    await remote.git('branch', '-m', 'trunk', 'main');
  });

  test('a ledger that was renamed takes no pushes, although GitHub still leads there.', async () => {
    await using place = await hosted();
    await place.hub.people.renameDefaultBranch('trunk');
    const checks = await place.examine('github_pat_full');
    await remote.git('branch', '-m', 'trunk', 'main');
    expect(checks.find(({ name }) => name === 'ledger branch')).toMatchObject({
      verdict: 'failed',
      detail: expect.stringContaining("the remote's default branch is trunk"),
      hint: expect.stringContaining('base_branch'),
    });
  });

  test('rules that refuse pushes of records are named, with what helps.', async () => {
    await using place = await hosted();
    place.hub.intercept(({ path }) =>
      path.includes('/rules/branches/')
        ? { status: 200, body: [{ type: 'pull_request' }, { type: 'deletion' }, { type: 'update' }] }
        : undefined,
    );
    expect(
      (await place.examine('github_pat_full')).find(({ name }) => name === 'ledger branch'),
    ).toMatchObject({
      verdict: 'warning',
      detail: 'main may refuse what passes push: its rules are pull_request, update',
      hint: expect.stringContaining('ledger_branch: millwright/ledger'),
    });
  });

  test('schedules that were switched off, or missed, are told with their last run.', async () => {
    await using place = await hosted();
    const { people } = place.hub;
    const id = await people.addWorkflow({
      path: '.github/workflows/loop.yml',
      name: 'Loop',
      state: 'active',
    });
    await people.addRun(id, { event: 'schedule', createdAt: '2026-11-17T05:40:00.000Z' });
    expect(detailOf(await place.examine('github_pat_full'), 'schedule loop.yml')).toBe(
      'enabled, last run 2026-11-17T05:40Z; it was due 2026-11-18T05:37Z, 3 days ago',
    );
    const flow = place.hub.world.workflows.get(id);
    if (flow !== undefined) flow.state = 'disabled_inactivity';
    expect(
      (await place.examine('github_pat_full')).find(({ name }) => name === 'schedule loop.yml'),
    ).toMatchObject({
      verdict: 'failed',
      detail: expect.stringContaining('switched it off after 60 days'),
      hint: expect.stringContaining('Enable workflow'),
    });
  });

  test('a server that is out of order leaves one warning for each question, and no crash.', async () => {
    await using place = await hosted();
    place.hub.intercept(({ path }) =>
      path.startsWith('/rate_limit') ? { status: 404, body: { message: 'Not Found' } } : undefined,
    );
    expect(verdicts(await place.examine('github_pat_full'))).toMatchObject({
      requests: 'warning',
      proposals: 'ok',
    });
  });
});
