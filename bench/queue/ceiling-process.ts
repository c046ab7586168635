import { Agent, request } from 'node:http';
import { commitBody } from '../../src/git/commit-body.ts';
import { pushRequest } from '../../src/git/http/receive-pack.ts';
import { objectOid } from '../../src/git/object-oid.ts';
import { packObjects } from '../../src/git/pack-objects.ts';
import { takePart } from './take-part.ts';

/**
 * What the server can take: pushes of one tiny commit to a new ref each, prepared beforehand.
 * Arguments: address of the repository; a tree that it has; how many to prepare; how many clients.
 */
const [address = '', tree = '', count = '0', clients = '1'] = process.argv.slice(2);
const bodies: { ref: string; body: Buffer }[] = [];
const who = { name: 'Bench', email: 'bench@example.invalid' };
for (let at = 0; at < Number(count); at += 1) {
  const ref = `refs/bench/${at}`;
  const body = commitBody({ tree, parents: [], message: `${ref}\n`, author: who, at: new Date(0) });
  const oid = objectOid('commit', body);
  const pack = await packObjects([{ type: 'commit', body }]);
  bodies.push({ ref, body: pushRequest([{ ref, expected: null, next: oid }], pack) });
}

const loops = Array.from({ length: Number(clients) }, () => {
  const agent = new Agent({ keepAlive: true, noDelay: true, maxSockets: 1 });
  return async () => {
    const next = bodies.pop();
    if (next === undefined) return undefined;
    const answer = await post(agent, next.body);
    if (!answer.includes(`ok ${next.ref}\n`)) throw new Error(`the server said ${answer}`);
    return next.ref;
  };
});
await takePart({ loops, graceMs: 20_000 });

function post(agent: Agent, body: Buffer): Promise<string> {
  const headers = {
    'Content-Type': 'application/x-git-receive-pack-request',
    'Content-Length': String(body.length),
  };
  return new Promise((resolve, reject) => {
    const req = request(`${address}/git-receive-pack`, { method: 'POST', agent, headers }, (res) => {
      let text = '';
      res.setEncoding('latin1').on('data', (chunk: string) => {
        text += chunk;
      });
      res.on('end', () => resolve(text));
    });
    req.on('error', reject);
    req.end(body);
  });
}
