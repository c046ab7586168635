import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { GithubClient } from '../../../../src/forge/github/client/github-client.ts';
import { type GitFolder, gitFolder } from '../../../support/git-folder.ts';
import { type GithubEmulator, githubEmulator } from '../../../support/github/emulator.ts';
import { faultScript, type ScriptedFaults } from '../../../support/github/fault-script.ts';
import { type ClientPlace, clientPlace, token } from './client-place.ts';
import { listPulls, openPull, thing } from './questions.ts';

let bare: GitFolder;
let hub: GithubEmulator;

beforeAll(async () => {
  bare = await gitFolder({ 'a.txt': 'one\n' }, { bare: true });
  hub = await githubEmulator({ bare: bare.dir });
  for (const branch of ['one', 'two', 'three']) {
    await bare.git('branch', branch);
    await hub.people.commitTo(branch, `${branch}.txt`, 'hello\n');
  }
});

afterAll(async () => {
  await hub[Symbol.asyncDispose]();
  await bare[Symbol.asyncDispose]();
});

interface Stage extends AsyncDisposable {
  readonly client: GithubClient;
  readonly place: ClientPlace;
  readonly faults: ScriptedFaults;
}

/** A client that meets a recorded fault on its way to the emulator. */
async function stage(script: string): Promise<Stage> {
  const place = await clientPlace(() => ({}));
  const faults = await faultScript(script, hub.url, { now: () => place.clock.now() });
  const repository = { owner: 'mill', name: 'works', apiUrl: faults.url, webUrl: `${faults.url}/mill/works` };
  const client = place.open({
    repository,
    token: { ...token, reveal: () => 'full-token' },
    timeLimitMs: script.startsWith('slow') ? 300 : 10_000,
  });
  return {
    client,
    place,
    faults,
    [Symbol.asyncDispose]: async () => {
      await faults[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    },
  };
}

/** GitHub takes no second one for the same branch: each test opens its own, or looks for what is there. */
function openFrom(client: GithubClient, head: string) {
  return client.request({ ...openPull, parameters: { title: head, head, base: 'main' } });
}

describe('a recorded fault', () => {
  test('that loses the answer to a POST leaves one pull request, and says that it may be there.', async () => {
    await using at = await stage('lost-answer');

    await expect(openFrom(at.client, 'one')).rejects.toMatchObject({ data: { outcome: 'unknown' } });
    expect(hub.pulls().map(({ head }) => head)).toEqual(['one']);
    expect(await at.client.list(listPulls)).toHaveLength(1);
  });

  test('that is a short limit on writing is waited for.', async () => {
    await using at = await stage('secondary-limit-without-time');

    await openFrom(at.client, 'two');
    expect(at.place.clock.waits).toEqual([60_000]);
    expect(hub.pulls()).toHaveLength(2);
  });

  test.each([
    'bad-gateway-twice',
    'cut-page',
    'truncated-page',
    'repeated-page',
    'slow',
    'slow-body',
    'unavailable',
    'too-many-requests',
    'primary-limit',
    'moved',
  ])('is got over by reading again: %s.', async (script) => {
    await using at = await stage(script);
    const pulls = await at.client.list({ ...listPulls, perPage: 1 });

    expect(pulls.map(({ number }) => number).toSorted((a, b) => a - b)).toEqual([1, 2]);
    expect(at.faults.left()).toBe(0);
  });

  test('about content that came too fast is waited for.', async () => {
    await using at = await stage('too-quickly');
    const comment = {
      route: 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
      parameters: { issue_number: 1, body: 'A word' },
      shape: z.unknown(),
      action: 'comment',
    } as const;

    await at.client.request(comment);
    expect(at.place.clock.waits).toEqual([60_000]);
  });

  test.each([
    ['bad-credentials', 'github-unauthorized'],
    ['not-found', 'github-not-found'],
    ['pull-exists', 'github-refused'],
    ['no-commits', 'github-refused'],
    ['head-missing', 'github-refused'],
    ['body-too-long', 'github-refused'],
  ])('that is a refusal has its code, and is met once: %s.', async (script, code) => {
    await using at = await stage(script);

    await expect(openFrom(at.client, 'three')).rejects.toMatchObject({ code });
    expect(at.faults.requests).toHaveLength(1);
  });
});

test('A repository that was renamed is found under its new name, writes included.', async () => {
  await using place = await clientPlace(() => ({}));
  await using other = await gitFolder({ 'a.txt': 'one\n' }, { bare: true });
  await using moving = await githubEmulator({ bare: other.dir });
  await other.git('branch', 'one');
  await moving.people.commitTo('one', 'one.txt', 'hello\n');
  const moved: string[] = [];
  const client = place.open({
    repository: { owner: 'mill', name: 'works', apiUrl: moving.url, webUrl: `${moving.url}/mill/works` },
    token: { ...token, reveal: () => 'full-token' },
    onMoved: (name) => moved.push(name),
  });

  await moving.people.renameRepository('mill/forge');
  await openFrom(client, 'one');
  expect(
    await client.request({ route: 'GET /repos/{owner}/{repo}/pulls/1', shape: thing, action: 'look' }),
  ).toEqual({
    number: 1,
  });
  expect(moved).toEqual(['mill/forge']);
  expect(moving.pulls()).toHaveLength(1);
});

test('Reading again costs nothing, also in a new process.', async () => {
  await using at = await stage('label-exists');
  await at.client.list({ ...listPulls, perPage: 1 });
  const another = at.place.open({
    repository: at.client.repository,
    token: { ...token, reveal: () => 'full-token' },
  });

  expect(await another.list({ ...listPulls, perPage: 1 })).toHaveLength(2);
  expect(another.seen()).toMatchObject({ requests: 2, counted: 0 });
});
