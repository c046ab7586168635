import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BuiltTree } from '../e2e/built-tree.ts';
import type { GitFolder } from '../support/git-folder.ts';
import { type Member, member } from './member.ts';
import type { Cloner } from './work-clones.ts';

export const workerChild = 'test/chaos/fixtures/fleet-worker.ts';
export const runnerChild = 'test/chaos/fixtures/fleet-runner.ts';

export interface FleetSize {
  readonly workers: number;
  /** Of the workers, how many are `millwright work`, with an agent that makes a file. */
  readonly daemons: number;
  readonly runners: number;
}

export interface Fleet extends AsyncDisposable {
  readonly workers: readonly Member[];
  readonly runners: readonly Member[];
  /** What the workers of the fleet have written down, one file each. */
  readonly logs: readonly string[];
  readonly daemons: readonly Member[];
  /** SIGTERM to all. Returns those that did not end by themselves, with what they said last. */
  stop(): Promise<string[]>;
}

const skews = [0, -600_000, 600_000];

/** Starts processes, each in a clone of its own. At every start a worker has another wrong clock. */
export async function launchFleet(
  built: BuiltTree,
  clone: () => ReturnType<Cloner>,
  size: FleetSize,
  random: () => number,
): Promise<Fleet> {
  const top = await realpath(await mkdtemp(join(tmpdir(), 'millwright-fleet-')));
  const clones: GitFolder[] = [];
  const newClone = async () => {
    const made = await clone();
    clones.push(made);
    return made.dir;
  };
  const skew = () => String(skews[Math.floor(random() * skews.length)]);
  const workers: Member[] = [];
  const daemons: Member[] = [];
  const runners: Member[] = [];
  const logs: string[] = [];
  for (let n = 0; n < size.workers - size.daemons; n += 1) {
    const [root, log, name] = [await newClone(), join(top, `worker-${n}.jsonl`), `worker-${n}`];
    const seed = () => String(Math.floor(random() * 2 ** 31));
    logs.push(log);
    workers.push(
      member({ name, home: top, args: () => [built.path(workerChild), root, log, seed(), skew(), name] }),
    );
  }
  const agent = join(top, 'agent.sh');
  await writeFile(agent, '#!/bin/sh\nsleep 0.2\necho "$MILLWRIGHT_WORKER_ID" > made.txt\n', { mode: 0o755 });
  for (let n = 0; n < size.daemons; n += 1) {
    const argv = [built.path('src/cli/main.ts'), 'work', '--json', '--poll', '0.3', '--kinds', 'chore'];
    const [cwd, name] = [await newClone(), `daemon-${n}`];
    daemons.push(
      member({ name, home: top, cwd, args: () => [...argv, '--concurrency', '2', '--agent', agent] }),
    );
  }
  for (let n = 0; n < size.runners; n += 1) {
    const root = await newClone();
    runners.push(
      member({ name: `runner-${n}`, home: top, args: () => [built.path(runnerChild), root, skew()] }),
    );
  }
  workers.push(...daemons);
  const all = [...workers, ...runners];
  for (const one of all) one.start();
  return {
    workers,
    runners,
    logs,
    daemons,
    stop: async () => {
      const codes = await Promise.all(all.map(async (one) => [one, await one.stop()] as const));
      return codes.flatMap(([one, code]) =>
        code === 0 || code === 130
          ? []
          : [`${one.name} ended with ${code}: ${one.err().slice(-500)}${one.out().slice(-800)}`],
      );
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(all.map((one) => one.kill()));
      for (const made of clones) await made[Symbol.asyncDispose]();
      await rm(top, { recursive: true, force: true });
    },
  };
}
