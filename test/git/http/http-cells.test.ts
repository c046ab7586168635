import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { HttpGitServer, Interception } from '../../support/http-git-server.ts';
import { claim, openCellWriter, swapOne } from '../suites/cell-suite.ts';
import { byHttp, inProcess, remotePlace } from '../suites/places.ts';

const isPush = ({ method, url = '' }: IncomingMessage) =>
  method === 'POST' && url.endsWith('/git-receive-pack');

describe('a claim over http', () => {
  test('costs one request, won or surely lost.', async () => {
    let server: HttpGitServer | undefined;
    await using place = await remotePlace(
      {},
      inProcess(
        byHttp({}, (started) => {
          server = started;
        }),
      ),
    );
    const [ann, ben] = [openCellWriter(await place.writer()), openCellWriter(await place.writer())];
    const requests = () => server?.requests.length ?? 0;
    const before = requests();
    const commit = await swapOne(ann.cells, claim('s1', null, 'ann'));
    expect(requests() - before).toBe(1);
    await swapOne(ann.cells, claim('s1', commit, 'ann again'));
    expect(requests() - before).toBe(2);
    expect(await ben.cells.swap([claim('s1', null, 'ben')], 'claim')).toMatchObject([{ result: 'taken' }]);
    expect(await ben.cells.read('slots', 's1')).toMatchObject({ content: Buffer.from('ann again') });
  });

  test.each([true, false])(
    'whose answer is lost is found to have won (kept open: %s).',
    async (keepAlive) => {
      const intercept = onPush(2, 'cut-after');
      await using place = await remotePlace({}, inProcess(byHttp({ keepAlive, intercept })));
      const { cells } = openCellWriter(await place.writer());
      await swapOne(cells, claim('s1', null, 'one'));
      const commit = await swapOne(cells, claim('s2', null, 'two'));
      expect(await place.truth.git('rev-parse', 'refs/millwright/slots/s2')).toBe(commit);
    },
  );

  test.each([500, 503])(
    'that meets the answer %i changes nothing, and can be made again.',
    async (status) => {
      await using place = await remotePlace({}, inProcess(byHttp({ intercept: onPush(1, { status }) })));
      const { cells } = openCellWriter(await place.writer());
      const busy = { code: 'remote-busy', retry: 'back-off' };
      await expect(cells.swap([claim('s1', null, 'one')], 'claim')).rejects.toMatchObject(busy);
      expect(await cells.read('slots', 's1')).toBeNull();
      await swapOne(cells, claim('s1', null, 'one'));
    },
  );
});

/** Does this to the push of this number, and serves everything else. */
function onPush(number: number, what: Interception) {
  let seen = 0;
  return (req: IncomingMessage): Interception | undefined => {
    if (isPush(req)) seen += 1;
    return isPush(req) && seen === number ? what : undefined;
  };
}
