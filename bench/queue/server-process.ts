import { setTimeout as sleep } from 'node:timers/promises';
import { httpGitServer } from '../../test/support/http-git-server.ts';
import { cpuMs } from './cpu-ms.ts';
import type { ServerAnswer, ServerQuestion } from './server.ts';

/** The server: `git http-backend` behind node http, in a process of its own. Argument: the folder of the repositories. */
let delayMs = 0;
const [root = ''] = process.argv.slice(2);
const server = await httpGitServer({
  root,
  intercept: async () => {
    if (delayMs > 0) await sleep(delayMs);
    return undefined;
  },
});

const say = (answer: ServerAnswer) => process.send?.(answer);

process.on('message', ({ delay, since, until }: ServerQuestion) => {
  if (delay !== undefined) delayMs = delay;
  const pushes = server.requests.filter(
    ({ method, url, at }) =>
      method === 'POST' && url.endsWith('/git-receive-pack') && at >= since && at < until,
  );
  say({ url: server.url, cpuMs: cpuMs(), pushes: pushes.length });
});
process.on('disconnect', () => process.exit());
say({ url: server.url, cpuMs: cpuMs(), pushes: 0 });
