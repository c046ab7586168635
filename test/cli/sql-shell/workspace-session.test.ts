import { expect, test } from 'vitest';
import { workspaceSession } from '../../../src/cli/sql-shell/workspace-session.ts';
import { freshWorkspace, importDemoRows, inWorkspace } from '../../e2e/prepared-workspace.ts';

const io = {
  cwd: '/',
  env: {},
  json: false,
  color: false,
  terminal: false,
  width: undefined,
  signal: new AbortController().signal,
  insist: new AbortController().signal,
  out: () => {},
  err: () => {},
  pipe: async () => {},
};

test('A session sees what came in since its last statement, goes back in time, and only reads.', async () => {
  await using folder = await freshWorkspace();
  await inWorkspace(folder.dir, async (context) => {
    const session = workspaceSession(context, io);
    const count = async () => {
      const result = await session.run('SELECT count(*)::INT FROM outcome', io.signal);
      return (await result.getRows())[0]?.[0];
    };
    const empty = await folder.git('rev-parse', 'HEAD');

    expect(await count()).toBe(0);
    const added = await importDemoRows(folder);
    expect(await count()).toBe(added);
    await session.at(empty.trim());
    expect(await count()).toBe(0);
    await expect(session.at('no-such-time')).rejects.toThrow();
    expect(await count()).toBe(0);
    await session.at(undefined);
    expect(await count()).toBe(added);
    await expect(session.run('SELECT nothing', io.signal)).rejects.toMatchObject({ code: 'bad-sql' });
    expect((await session.names()).map(({ name }) => name)).toContain('v_agent_performance');
    await expect(session.run('DROP TABLE outcome', io.signal)).rejects.toMatchObject({ code: 'read-only' });
    await expect(session.run("SELECT * FROM '/etc/passwd'", io.signal)).rejects.toThrow();
    session.close();
  });
});
