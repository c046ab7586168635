import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Claim } from '../../src/contracts/work.ts';
import { openWorkspace } from '../../src/ledger/workspace.ts';
import { newWorkerId, workerIdentity } from '../../src/queue/claim-for-command.ts';
import { openQueue, type Queue } from '../../src/queue/queue.ts';
import { claimSlot, complete } from '../../src/queue/slot-machine.ts';
import { writeClaims } from '../../src/queue/write-claim.ts';
import type { Done } from './home.ts';
import type { PreparedQueue } from './prepare-queue.ts';
import type { Stage } from './run-round.ts';

export interface LiveQueue {
  readonly slots: number;
  /** `millwright queue list --json` as a process, half of the slots claimed. */
  readonly list_ms: number;
  readonly list_cpu_ms: number;
  /** `git ls-remote` of the same cells: what any look at the remote costs. */
  readonly ls_remote_ms: number;
  /** `millwright run --once` when all of them are done. */
  readonly fold_ms: number;
  readonly fold_cpu_ms: number;
  /** Commits that the pass made: one for the fold, one for the record of the pass. */
  readonly fold_commits: number;
}

const cli = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/**
 * A queue of many live slots: listed when half of them are claimed, folded when all are done.
 * One item is folded beforehand: the first pass that sees results makes an analysis, the next one a week later.
 */
export async function liveQueue({ home, server }: Stage, prepared: PreparedQueue): Promise<LiveQueue> {
  const repository = await server.serve(prepared.bare);
  const clone = join(home.dir, 'live');
  await home.must('git', ['clone', '-q', '--template=', repository.url, clone]);
  const millwright = (...args: string[]) => home.must(process.execPath, [cli, ...args], clone);
  const git = async (...args: string[]) => (await home.must('git', args, repository.dir)).stdout.trim();
  const workspace = await openWorkspace(clone);
  const queue = openQueue(workspace);
  const ids = [...(await queue.view.look()).work.slots.keys()].sort((a, b) => (a < b ? -1 : 1));
  await completeAll(queue, await claimAll(queue, ids.splice(0, 5)));
  await millwright('run', '--once');
  const claimed = await claimAll(queue, ids.slice(0, ids.length / 2));
  const listing = await medianRun(5, () => millwright('queue', 'list', '--json'));
  const lsRemote = await medianRun(5, () => home.must('git', ['ls-remote', '-q'], clone));
  await completeAll(queue, [...claimed, ...(await claimAll(queue, ids.slice(ids.length / 2)))]);
  workspace.close();
  const before = await git('rev-parse', 'main');
  const fold = await millwright('run', '--once', '--json');
  const fold_commits = Number(await git('rev-list', '--count', `${before}..main`));
  const left = await git('for-each-ref', '--format=%(refname)', 'refs/millwright');
  if (left !== '') throw new Error(`the pass left cells behind: ${left.split('\n').length}`);
  await rm(clone, { recursive: true });
  await server.drop(repository.dir);
  return {
    slots: ids.length,
    list_ms: listing.ms,
    list_cpu_ms: listing.cpuMs,
    ls_remote_ms: lsRemote.ms,
    fold_ms: fold.ms,
    fold_cpu_ms: fold.cpuMs,
    fold_commits,
  };
}

async function medianRun(times: number, run: () => Promise<Done>): Promise<Done> {
  const runs: Done[] = [];
  for (let at = 0; at < times; at += 1) runs.push(await run());
  runs.sort((a, b) => a.ms - b.ms);
  return runs[Math.floor(times / 2)] as Done;
}

interface Claimed {
  readonly claim: Claim;
  readonly commit: string;
}

async function claimAll(queue: Queue, ids: readonly string[]): Promise<Claimed[]> {
  const { work } = await queue.view.look();
  const worker = workerIdentity(newWorkerId());
  const slots = ids.flatMap((id) => work.slots.get(id) ?? []);
  const claims = slots.map((slot) => claimSlot(slot, null, worker, queue.stamp()));
  const writes = claims.map((next) => ({ expected: null, next }));
  const commits = await written(queue, writes);
  return claims.map((claim, at) => ({ claim, commit: commits[at] ?? '' }));
}

async function completeAll(queue: Queue, claimed: readonly Claimed[]): Promise<void> {
  const result = { smoke_test_pass: true, files_pushed: ['src/step.ts'], model: 'sonnet-4-5', cost_usd: 0.1 };
  const writes = claimed.map(({ claim, commit: expected }) => ({
    expected,
    next: complete(claim, queue.stamp(), result),
  }));
  await written(queue, writes);
}

async function written(queue: Queue, writes: Parameters<typeof writeClaims>[1]): Promise<string[]> {
  const verdicts = await writeClaims(queue, writes, 'claim');
  return verdicts.map((verdict) => {
    if (verdict.result === 'swapped' && verdict.commit !== null) return verdict.commit;
    throw new Error(`a cell was not written: ${JSON.stringify(verdict)}`);
  });
}
