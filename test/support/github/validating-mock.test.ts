import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { listen, shutDown } from '../../llm/loopback-server.ts';
import { octokitAt } from './octokit-at.ts';
import { validatingMock } from './validating-mock.ts';

const repo = { owner: 'mill', repo: 'works' };

describe('the validating mock', () => {
  it("answers with the description's examples and asks for no other Accept header than Octokit's.", async () => {
    await using mock = await validatingMock();
    const octokit = octokitAt(mock.url);
    const listed = await octokit.pulls.list(repo);
    expect(listed.data[0]?.title).toBe('Amazing new feature');
    expect(listed.headers.link).toBeUndefined();
    const made = await octokit.pulls.create({ ...repo, title: 'T', head: 'a', base: 'main' });
    expect(made.status).toBe(201);
    expect(mock.violations).toEqual([]);
  });

  it('gives another documented answer when it is asked for one.', async () => {
    await using mock = await validatingMock();
    const merge = octokitAt(mock.url).request('PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge', {
      ...repo,
      pull_number: 1,
      headers: { prefer: 'code=409' },
    });
    await expect(merge).rejects.toMatchObject({ status: 409 });
  });

  it('refuses a request that breaks the description, names the field, and passes nothing on.', async () => {
    await using upstream = await answering({});
    await using mock = await validatingMock({ upstream: upstream.url });
    const broken = octokitAt(mock.url).request('POST /repos/{owner}/{repo}/pulls', {
      ...repo,
      title: 3 as never,
      head: 'a',
      base: 'main',
    });
    await expect(broken).rejects.toMatchObject({
      status: 422,
      response: { data: { violations: [{ place: 'request body/title' }] } },
    });
    expect(upstream.calls()).toBe(0);
  });

  it('refuses a path that the description does not have.', async () => {
    await using mock = await validatingMock();
    const asked = octokitAt(mock.url).request('GET /repos/{owner}/{repo}/nowhere', repo);
    await expect(asked).rejects.toMatchObject({ status: 422 });
    expect(mock.violations).toHaveLength(1);
  });

  it('turns an answer that breaks the description into an error that says where.', async () => {
    await using upstream = await answering({ number: 'one' });
    await using mock = await validatingMock({ upstream: upstream.url });
    const got = octokitAt(mock.url).issues.get({ ...repo, issue_number: 1 });
    await expect(got).rejects.toMatchObject({ status: 500 });
    expect(mock.violations.map(({ place }) => place)).toContain('answer body/number');
  });

  it('demands words from every refusal, documented or not.', async () => {
    await using upstream = await answering({ error: 'no words' }, 429);
    await using mock = await validatingMock({ upstream: upstream.url });
    await expect(octokitAt(mock.url).pulls.list(repo)).rejects.toMatchObject({ status: 500 });
    expect(mock.violations.map(({ place }) => place)).toEqual(['answer body/message']);
  });
});

/** A server with one answer for everything. */
async function answering(body: unknown, status = 200) {
  let calls = 0;
  const server = createServer((req, res) => {
    calls += 1;
    req.resume();
    res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  const url = await listen(server);
  return { url, calls: () => calls, [Symbol.asyncDispose]: () => shutDown(server) };
}
