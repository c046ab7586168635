import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { auditQueue } from '../../src/audit/audit-queue.ts';
import type { WorkerEvent } from '../../src/runner/worker/worker-event.ts';
import { jsonOf, runCliIn } from '../cli/run-cli-in.ts';
import { type BuiltTree, builtTree } from '../e2e/built-tree.ts';
import type { Shift } from '../e2e/crew.ts';
import { inWorkspace } from '../e2e/prepared-workspace.ts';
import { chooseSeed, seededRandom } from '../e2e/seeded-random.ts';
import { until } from '../e2e/watcher.ts';
import type { GitFolder } from '../support/git-folder.ts';
import { faultyRemote } from './faulty-remote.ts';
import { overlaps, readHolds } from './holds-of.ts';
import { launchFleet, runnerChild, workerChild } from './launch-fleet.ts';
import { type LedgerEnds, readLedger } from './ledger-ends.ts';
import type { Member } from './member.ts';
import { foldIn } from './scenes.ts';
import { storm } from './storm.ts';
import { publishWorkspace, putWork } from './work-clones.ts';

const given = process.env.MILLWRIGHT_CHAOS_SECONDS;
const seconds = Number(given ?? 6);
const size =
  given === undefined ? { workers: 6, daemons: 1, runners: 1 } : { workers: 16, daemons: 2, runners: 2 };
const lease = 2;
/** The storm, the calm in which everything comes to its end, and the proof. */
const limit = (seconds + 150) * 1_000;

let built: BuiltTree;
beforeAll(async () => {
  built = await builtTree(workerChild, runnerChild);
});
afterAll(() => built[Symbol.asyncDispose]());

describe('a fleet of workers in a storm', () => {
  test(
    'ends every slot exactly once, never holds one twice, and loses no result.',
    async () => {
      const seed = chooseSeed('MILLWRIGHT_CHAOS_SEED');
      const seeds = seededRandom(seed);
      const hand = () => seededRandom(seeds() * 2 ** 31);
      say(`chaos seed ${seed}`);
      await using remote = await faultyRemote();
      const clone = await publishWorkspace(remote.repository);
      await using desk = await clone(remote.repository.dir);
      await using fleet = await launchFleet(built, () => clone(remote.url), size, hand());
      const end = new AbortController();
      const shift = (): Shift => ({ random: hand(), signal: end.signal });
      const feeding = feed(desk, remote.repository, shift());
      await until(() => readHolds(fleet.logs).length > 2, 30_000);
      void pause(seconds * 1_000).then(() => end.abort());
      const tally = await storm({ remote, ...fleet, leaseMs: lease * 1_000 }, shift());
      const slots = await feeding;
      const calm = performance.now();
      await until(async () => (await leftIn(remote.repository)).length === 0, 90_000);
      const stopped = await fleet.stop();
      await foldIn(desk);

      const ledger = await readLedger(remote.repository);
      const holds = readHolds(fleet.logs);
      const told = [...toldTo(fleet.logs), ...toldToDaemons(fleet.daemons)];
      say(
        `${slots.length} slots, ${holds.length} claims, ${told.length} ends told, calm after ${Math.round(performance.now() - calm)} ms, ${JSON.stringify(tally)}`,
      );
      const { violations } = await auditQueue({ ...audited(desk), holds });
      const command = await runCliIn(desk.dir, ['queue', 'audit', '--branches', '--json']);
      expect({
        seed,
        stopped,
        said: fleet.runners.map((one) => one.out()).join(''),
        live: ledger.live,
        notOnce: slots.filter((slot) => ledger.ends.get(slot)?.length !== 1),
        outcomes: sorted(ledger.outcomes),
        overlaps: overlaps(holds),
        lost: told.filter((one) => !isKept(ledger, one)),
        heads: await wrongHeads(remote.repository, ledger, told),
        violations,
        command: jsonOf(command),
      }).toEqual({
        seed,
        stopped: [],
        said: '',
        live: [],
        notOnce: [],
        outcomes: sorted(slots),
        overlaps: [],
        lost: [],
        heads: [],
        violations: [],
        command: expect.objectContaining({ live: 0, cells: 0, violations: [] }),
      });
    },
    limit,
  );
});

function sorted(names: readonly string[]): string[] {
  return names.toSorted((a, b) => (a < b ? -1 : 1));
}

function audited({ dir }: GitFolder) {
  return { root: dir, ledgerBranch: 'main', namespace: 'refs/millwright' };
}

function say(words: string): void {
  process.stdout.write(`${words}\n`);
}

/** Items as they come: there is always work, and never much. */
async function feed(desk: GitFolder, repository: GitFolder, { signal }: Shift): Promise<string[]> {
  const slots: string[] = [];
  await inWorkspace(desk.dir, async ({ workspace }) => {
    for (let n = 0; !signal.aborted; n += 1) {
      const wanted = n % 2 === 1 ? { slots: 2, lease: 6, kind: 'chore' } : { slots: 6, lease };
      if ((await leftIn(repository)).length < size.workers * 3)
        slots.push(...(await putWork(workspace, { item: `item-${n}`, ...wanted })));
      await pause(300);
    }
  });
  return slots;
}

/** Slots in the queue, and cells. */
async function leftIn(repository: GitFolder): Promise<string[]> {
  const slots = await repository.git('ls-tree', '--name-only', 'main', 'queue/slots/');
  const cells = await repository.git('for-each-ref', '--format=%(refname)', 'refs/millwright');
  return `${slots}\n${cells}`.split('\n').filter((name) => name !== '' && !name.endsWith('.gitkeep'));
}

/** An end that a worker was told is its own. */
interface Told {
  readonly slot: string;
  readonly token: number;
  readonly state: string;
  readonly commit: string | undefined;
}

function toldTo(logs: readonly string[]): Told[] {
  return readHolds(logs).flatMap(({ slot, token, ended, commit }) =>
    ended === undefined ? [] : [{ slot, token, state: ended, commit }],
  );
}

function toldToDaemons(daemons: readonly Member[]): Told[] {
  const lines = daemons.flatMap((one) => one.out().split('\n')).filter((line) => line.endsWith('}'));
  return lines
    .map((line) => JSON.parse(line) as WorkerEvent)
    .filter(({ event }) => event === 'shipped' || event === 'failed')
    .map(({ slot_id = '', token = 0, event, commit_hash }) => ({
      slot: slot_id,
      token,
      state: event,
      commit: commit_hash,
    }));
}

/** In the records exactly once; or, for a slot that had left the queue before the claim, kept as late. */
function isKept({ ends, late }: LedgerEnds, { slot, token, state }: Told): boolean {
  const same = (ends.get(slot) ?? []).filter((one) => one.token === token && one.event === state);
  return same.length === 1 || (late.has(`${slot}.${token}`) && ends.get(slot)?.length === 1);
}

/** Branches that are not at the commit of who ended the slot. */
async function wrongHeads(
  repository: GitFolder,
  { ends }: LedgerEnds,
  told: readonly Told[],
): Promise<string[]> {
  const format = '--format=%(refname:lstrip=3) %(objectname)';
  const heads = new Map(
    (await repository.git('for-each-ref', format, 'refs/heads/feat/'))
      .split('\n')
      .map((line) => line.split(' ') as [string, string]),
  );
  const winners = told.filter(
    ({ slot, token, commit }) => commit !== undefined && ends.get(slot)?.[0]?.token === token,
  );
  return winners
    .filter(({ slot, commit }) => heads.get(slot) !== commit)
    .map(({ slot, commit }) => `${slot}: expected ${commit}, found ${heads.get(slot)}`);
}
