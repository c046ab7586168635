import { spawnSync } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { runProcess } from '../support/run-process.ts';
import type { FaultyRemote } from './faulty-remote.ts';

/** The way of one worker to the remote, which can be interrupted without anybody being told. */
export interface Road extends AsyncDisposable {
  readonly url: string;
  /** Words before a command that is to run at the far end of this road. */
  readonly prefix: readonly string[];
  cut(): Promise<void>;
  mend(): Promise<void>;
}

export const roads: Readonly<Record<'relay' | 'network namespace', (remote: FaultyRemote) => Promise<Road>>> =
  { relay: relayRoad, 'network namespace': namespaceRoad };

/** Through a relay that swallows everything while it is cut. */
async function relayRoad(remote: FaultyRemote): Promise<Road> {
  const link = await remote.linkOfItsOwn();
  return {
    url: remote.urlAt(link),
    prefix: [],
    cut: async () => link.silence(),
    mend: () => link.mend(),
    [Symbol.asyncDispose]: () => link[Symbol.asyncDispose](),
  };
}

/** True where this process may give another one a network of its own. */
export async function hasNamespaces(): Promise<boolean> {
  const name = newName();
  const made = await runProcess('ip', ['netns', 'add', name], { env: process.env }).catch(() => ({
    code: 1,
  }));
  if (made.code !== 0) return false;
  const paired = await runProcess('ip', pairOf(name), { env: process.env });
  await runProcess('ip', ['netns', 'del', name], { env: process.env });
  return paired.code === 0;
}

/** A network of its own, joined to this one by a cable that can be pulled out. It leads nowhere else. */
async function namespaceRoad(remote: FaultyRemote): Promise<Road> {
  const name = newName();
  // Addresses that are set aside for tests of networks (RFC 2544), in a net of two.
  const net = `198.${18 + randomInt(2)}.${randomInt(256)}`;
  const low = 4 * randomInt(64);
  const [here, there] = [`${net}.${low + 1}`, `${net}.${low + 2}`];
  await ip('netns', 'add', name);
  await ip(...pairOf(name));
  await ip('addr', 'add', `${here}/30`, 'dev', `${name}a`);
  await ip('link', 'set', `${name}a`, 'up');
  await ip('-n', name, 'addr', 'add', `${there}/30`, 'dev', `${name}b`);
  await ip('-n', name, 'link', 'set', `${name}b`, 'up');
  const link = await remote.linkOfItsOwn(here);
  const removeAtExit = () => spawnSync('ip', ['netns', 'del', name]);
  process.once('exit', removeAtExit);
  return {
    url: remote.urlAt(link, here),
    prefix: ['ip', 'netns', 'exec', name],
    cut: () => ip('link', 'set', `${name}a`, 'down'),
    mend: () => ip('link', 'set', `${name}a`, 'up'),
    [Symbol.asyncDispose]: async () => {
      process.off('exit', removeAtExit);
      await link[Symbol.asyncDispose]();
      await ip('netns', 'del', name);
    },
  };
}

/** Names of interfaces have 15 letters at most. */
function newName(): string {
  return `mw${randomBytes(4).toString('hex')}`;
}

/** The end of the cable that stays here goes with the namespace. */
function pairOf(name: string): string[] {
  return ['link', 'add', `${name}a`, 'type', 'veth', 'peer', 'name', `${name}b`, 'netns', name];
}

async function ip(...args: string[]): Promise<void> {
  const { code, stderr } = await runProcess('ip', args, { env: process.env });
  if (code !== 0) throw new Error(`ip ${args.join(' ')}: ${stderr}`);
}
