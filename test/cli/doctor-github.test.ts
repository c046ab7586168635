import { describe, expect, test } from 'vitest';
import { freshWorkspace } from '../e2e/prepared-workspace.ts';
import { bareRemote } from '../support/git-folder.ts';
import { githubEmulator } from '../support/github/emulator.ts';
import { jsonOf, runCliIn } from './run-cli-in.ts';

describe('doctor --github', () => {
  test('says which repository or token is missing, and ends with 1.', async () => {
    await using folder = await freshWorkspace();
    const { code, out } = await runCliIn(folder.dir, ['doctor', '--github']);
    expect(code).toBe(1);
    expect(out).toMatch(
      /^failed {3}GitHub: which repository on GitHub is this\?.*\n {9}hint: set github\.repository/,
    );
  });

  test('fits into one screen, changes nothing, and says the same as JSON.', async () => {
    await using folder = await freshWorkspace('forge: github\ngithub: { repository: mill/works }\n');
    await using remote = await bareRemote();
    await folder.git('push', '-q', remote.dir, 'main');
    await using hub = await githubEmulator({ bare: remote.dir });
    const env = { GITHUB_API_URL: hub.url, GH_TOKEN: 'full-token' };
    const { out } = await runCliIn(folder.dir, ['doctor', '--github'], { env });
    expect(out.split('\n').length).toBeLessThan(40);
    expect(out).toContain('ok       proposals: pull_requests: write\n');
    expect(out).not.toContain('full-token');
    const told = jsonOf(await runCliIn(folder.dir, ['doctor', '--github', '--json'], { env }));
    expect(told).toContainEqual({ name: 'proposals', verdict: 'ok', detail: 'pull_requests: write' });
    expect(hub.pulls()).toEqual([]);
  });
});
