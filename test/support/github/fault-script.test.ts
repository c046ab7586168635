import { readdir } from 'node:fs/promises';
import type { Octokit } from '@octokit/rest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GitFolder, gitFolder } from '../git-folder.ts';
import { type GithubEmulator, githubEmulator } from './emulator.ts';
import { faultScript } from './fault-script.ts';
import { octokitAt } from './octokit-at.ts';

const repo = { owner: 'mill', repo: 'works' };

let bare: GitFolder;
let hub: GithubEmulator;

beforeAll(async () => {
  bare = await gitFolder({ 'a.txt': 'one\n' }, { bare: true });
  hub = await githubEmulator({ bare: bare.dir, pageLimit: 1 });
  for (const head of ['millwright/x/1', 'millwright/x/2']) {
    await hub.people.commitTo(head, 'a.txt', head);
    await octokitAt(hub.url).pulls.create({ ...repo, title: head, head, base: 'main' });
  }
});

afterAll(async () => {
  await hub[Symbol.asyncDispose]();
  await bare[Symbol.asyncDispose]();
});

/** Without Octokit, which has its own view of broken answers. */
function ask(url: string, signal?: AbortSignal): Promise<Response> {
  const headers = { authorization: 'token full-token' };
  return fetch(`${url}/repos/mill/works/pulls`, { headers, ...(signal === undefined ? {} : { signal }) });
}

/** One call of each sort that the scripts are about. */
const calls = {
  list: (octokit: Octokit) => octokit.pulls.list(repo),
  create: (octokit: Octokit) =>
    octokit.pulls.create({ ...repo, title: 'T', head: 'millwright/x/1', base: 'main' }),
  update: (octokit: Octokit) => octokit.pulls.update({ ...repo, pull_number: 1, title: 'T' }),
  review: (octokit: Octokit) =>
    octokit.pulls.requestReviewers({ ...repo, pull_number: 1, reviewers: ['ada'] }),
  label: (octokit: Octokit) => octokit.issues.createLabel({ ...repo, name: 'millwright' }),
  comment: (octokit: Octokit) => octokit.issues.createComment({ ...repo, issue_number: 1, body: 'hi' }),
};

const refusals = [
  ['secondary-limit', 'create', 403, /exceeded a secondary rate limit/, { 'retry-after': '1' }],
  ['secondary-limit-without-time', 'create', 403, /exceeded a secondary rate limit/, {}],
  ['primary-limit', 'list', 403, /API rate limit exceeded/, { 'x-ratelimit-reset': '1767225602' }],
  ['too-many-requests', 'list', 429, /exceeded a secondary rate limit/, { 'retry-after': '1' }],
  ['pull-exists', 'create', 422, /A pull request already exists for mill:millwright/, {}],
  ['no-commits', 'create', 422, /No commits between main and/, {}],
  ['head-missing', 'create', 422, /"field":"head","code":"invalid"/, {}],
  ['body-too-long', 'create', 422, /maximum is 65536 characters/, {}],
  ['body-too-long', 'update', 422, /maximum is 65536 characters/, {}],
  ['reviewer-is-author', 'review', 422, /cannot be requested from pull request author/, {}],
  ['reviewer-unknown', 'review', 422, /may only be requested from collaborators/, {}],
  ['label-exists', 'label', 422, /"code":"already_exists"/, {}],
  ['too-quickly', 'comment', 422, /was submitted too quickly/, {}],
  ['endpoint-spammed', 'update', 422, /endpoint has been spammed/, {}],
  ['bad-credentials', 'list', 401, /Bad credentials/, {}],
  ['not-found', 'list', 404, /Not Found/, {}],
  ['unavailable', 'list', 503, /No server is currently available/, {}],
] as const;

describe('a fault script', () => {
  it.each(refusals)(
    '%s refuses to %s with %i and the words of GitHub.',
    async (name, call, status, words, headers) => {
      await using faults = await faultScript(name, hub.url, { now: () => new Date('2026-01-01T00:00:00Z') });
      const error = await calls[call](octokitAt(faults.url)).catch((caught: unknown) => caught);
      expect(error).toMatchObject({ status, response: { headers } });
      const { response } = error as { response: { data: unknown } };
      const said = typeof response.data === 'string' ? response.data : JSON.stringify(response.data);
      expect(said).toMatch(words);
    },
  );

  it('answers two 502 of both sorts, and then lets the requests through.', async () => {
    await using faults = await faultScript('bad-gateway-twice', hub.url);
    const statuses: number[] = [];
    for (let n = 0; n < 3; n += 1)
      statuses.push(
        await calls.list(octokitAt(faults.url)).then(
          ({ status }) => status,
          (e) => e.status,
        ),
      );
    expect(statuses).toEqual([502, 502, 200]);
    expect(faults.left()).toBe(0);
    expect(faults.requests.map(({ scripted }) => scripted)).toEqual([true, true, false]);
  });

  it.each(['slow', 'slow-body'])('%s outlasts a client that waits for a tenth of a second.', async (name) => {
    await using faults = await faultScript(name, hub.url);
    const read = async () => (await ask(faults.url, AbortSignal.timeout(100))).text();
    await expect(read()).rejects.toThrow(/timeout/);
  });

  it('ends a page in the middle of its JSON, with the transfer whole or cut.', async () => {
    await using whole = await faultScript('truncated-page', hub.url);
    const text = await (await ask(whole.url)).text();
    expect(text).toMatch(/^\[\{/);
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
    await using cut = await faultScript('cut-page', hub.url);
    const answer = await ask(cut.url);
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow(/terminated/);
  });

  it('ends a page so that Octokit does not notice: whoever uses it has to.', async () => {
    await using cut = await faultScript('cut-page', hub.url);
    expect((await calls.list(octokitAt(cut.url))).data).toBe('');
    await using whole = await faultScript('truncated-page', hub.url);
    expect((await calls.list(octokitAt(whole.url))).data).toBeTypeOf('string');
  });

  it('loses the answer to a pull request that was opened all the same.', async () => {
    await hub.people.commitTo('millwright/x/3', 'a.txt', 'three');
    await using faults = await faultScript('lost-answer', hub.url);
    const octokit = octokitAt(faults.url);
    const create = octokit.pulls.create({ ...repo, title: 'T', head: 'millwright/x/3', base: 'main' });
    await expect(create).rejects.toThrow();
    expect(hub.pulls().map(({ head }) => head)).toContain('millwright/x/3');
  });

  it('shows the first page again as the second.', async () => {
    await using faults = await faultScript('repeated-page', hub.url);
    const octokit = octokitAt(faults.url);
    const all = await octokit.paginate(octokit.pulls.list, { ...repo, direction: 'asc' });
    expect(all.map(({ number }) => number).slice(0, 2)).toEqual([1, 1]);
  });

  it('moves the repository, and the client follows.', async () => {
    await using faults = await faultScript('moved', hub.url);
    expect((await calls.list(octokitAt(faults.url))).status).toBe(200);
    expect(faults.requests.map(({ path }) => path)).toEqual([
      '/repos/mill/works/pulls',
      '/repositories/4242/pulls',
    ]);
  });

  it('says that a person closed it between the list and the edit.', async () => {
    await using faults = await faultScript('closed-mid-run', hub.url);
    const octokit = octokitAt(faults.url);
    expect((await octokit.pulls.get({ ...repo, pull_number: 1 })).data.state).toBe('open');
    expect((await calls.update(octokit)).data.state).toBe('closed');
  });

  it('has every file of the folder tried by a test here.', async () => {
    const tried: string[] = [
      ...refusals.map(([name]) => name),
      ...['bad-gateway-twice', 'slow', 'slow-body', 'truncated-page', 'cut-page', 'lost-answer'],
      ...['repeated-page', 'moved', 'closed-mid-run'],
    ];
    const files = await readdir(new URL('./faults/', import.meta.url));
    expect(new Set(files)).toEqual(new Set(tried.map((name) => `${name}.json`)));
  });

  it('without a server behind it answers 404 to what the script does not have.', async () => {
    await using faults = await faultScript({ about: 'nothing', steps: [] });
    await expect(calls.list(octokitAt(faults.url))).rejects.toMatchObject({ status: 404 });
  });
});
