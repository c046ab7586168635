import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { Log } from '../../src/git/log.ts';
import type { HttpGitServerOptions, Interception } from '../support/http-git-server.ts';
import { openCellWriter } from './suites/cell-suite.ts';
import { byHttp, remotePlace } from './suites/places.ts';

const files = { 'count.txt': '0\n' };

describe('a push whose answer is lost', () => {
  test.each([true, false])(
    'counts once when the connection breaks after it (kept open: %s).',
    async (keepAlive) => {
      await using place = await remotePlace(files, byHttp({ keepAlive, intercept: firstPush('cut-after') }));
      const { log } = await place.writer();
      let decisions = 0;
      const done = await log.transact({ subject: 'Count' }, async () => {
        decisions += 1;
        return { edits: [{ append: 'count.txt', content: '1\n' }], value: 'mine' };
      });
      expect(done).toEqual({ value: 'mine', commit: await place.truth.git('rev-parse', 'main') });
      expect(await place.truth.git('show', 'main:count.txt')).toBe('0\n1');
      expect(await place.truth.git('rev-list', '--count', 'main')).toBe('2');
      expect(decisions).toBe(1);
    },
  );

  test.each([true, false])('of a cell is found to have won (kept open: %s).', async (keepAlive) => {
    await using place = await remotePlace(files, byHttp({ keepAlive, intercept: firstPush('cut-after') }));
    const { cells } = openCellWriter(await place.writer());
    const next = { path: 'queue/claims/s.json', content: '{}\n', subject: 'Claim s' };
    const [verdict] = await cells.swap([{ space: 'slots', id: 's', expected: null, next }], 'claim');
    const commit = await place.truth.git('rev-parse', 'refs/millwright/slots/s');
    expect(verdict).toEqual({ result: 'swapped', commit });
  });

  test('is an error when the remote never saw the push, and the work can be done again.', async () => {
    const intercept = firstPush('cut');
    await using place = await remotePlace(files, byHttp({ keepAlive: false, intercept }));
    const { log } = await place.writer();
    await expect(count(log)).rejects.toMatchObject({ code: 'remote-unreachable', retry: 'back-off' });
    expect(await place.truth.git('show', 'main:count.txt')).toBe('0');
    await count(log);
    expect(await place.truth.git('show', 'main:count.txt')).toBe('0\n1');
  });
});

describe('a remote that is busy', () => {
  test.each([503, 500, 429])(
    'is reported as such at its answer %i, without a second try.',
    async (status) => {
      let asked = 0;
      const intercept = (): Interception => {
        asked += 1;
        return { status, headers: { 'Retry-After': '30' } };
      };
      await using place = await remotePlace(files, byHttp({ intercept }));
      const { log } = await place.writer();
      await expect(count(log)).rejects.toMatchObject({ code: 'remote-busy', retry: 'back-off' });
      expect(asked).toBe(1);
    },
  );

  test('is reported as such when only the push meets it, and nothing has changed.', async () => {
    await using place = await remotePlace(files, byHttp({ intercept: firstPush({ status: 503 }) }));
    const { log, folder } = await place.writer();
    await expect(count(log)).rejects.toMatchObject({ code: 'remote-busy' });
    expect(await place.truth.git('rev-list', '--count', 'main')).toBe('1');
    expect(await folder.read('count.txt')).toBe('0\n');
  });
});

function count(log: Log) {
  return log.transact({ subject: 'Count' }, async () => ({
    edits: [{ append: 'count.txt', content: '1\n' }],
    value: null,
  }));
}

/** Does this to the first push that arrives, and serves everything else. */
function firstPush(what: Interception): NonNullable<HttpGitServerOptions['intercept']> {
  let left = 1;
  return ({ method, url = '' }: IncomingMessage) => {
    const isPush = method === 'POST' && url.endsWith('/git-receive-pack');
    if (!isPush || left === 0) return undefined;
    left -= 1;
    return what;
  };
}
