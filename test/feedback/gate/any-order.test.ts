import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { installFaultHook } from '../../../src/contracts/fault-point.ts';
import type { PatchTest, ReplayRun } from '../../../src/contracts/patch-test.ts';
import { chooseSeed, seededRandom } from '../../e2e/seeded-random.ts';
import { copyOf, type GatePlace, gatePlace, judged } from './gate-place.ts';

/** Nothing has begun. */
let fresh: GatePlace;
beforeAll(async () => {
  fresh = await gatePlace();
});
afterEach(() => installFaultHook(undefined));
afterAll(() => fresh[Symbol.asyncDispose]());

const points = ['gate:begun', 'gate:tested', 'pass:gate', 'proposal:branch-moved', 'proposal:page-written'];

/** A pass that dies where the hook says; what it has written stays. */
async function killedPass(place: GatePlace, point: string): Promise<void> {
  installFaultHook((at) => {
    if (at === point) throw new Error('killed');
  });
  await place.pass().catch((error: Error) => {
    if (error.message !== 'killed') throw error;
  });
  installFaultHook(undefined);
}

async function mayBe(place: GatePlace): Promise<{ tests: number; branches: number }> {
  const tests = (await place.records<PatchTest>('patch_test')).length;
  const branches = (await place.branches()).length;
  expect(tests).toBeLessThanOrEqual(1);
  expect(branches).toBeLessThanOrEqual(tests);
  return { tests, branches };
}

const seed = chooseSeed('MILLWRIGHT_GATE_SEED');

test.each([seed, seed + 1])(
  'No order of results, kills and runners gives two verdicts, or a proposal before the verdict (seed %i).',
  async (own) => {
    const random = seededRandom(own);
    const pick = <T>(all: readonly T[]) => all[Math.floor(random() * all.length)] as T;
    await using place = await copyOf(fresh);
    for (let step = 0; step < 5; step += 1) {
      await killedPass(place, pick(points));
      const share = random();
      await place.replay((slot) => (random() < share ? judged(12, 2)(slot) : undefined));
      await mayBe(place);
    }
    await Promise.all([place.pass(), place.pass()]);
    await place.replay(judged(12, 2));
    await Promise.all([place.pass(), place.pass()]);
    expect(await mayBe(place)).toEqual({ tests: 1, branches: 1 });
    const runs = await place.records<ReplayRun>('replay_run');
    expect(new Set(runs.map(({ slot_id }) => slot_id)).size).toBe(runs.length);
    expect(runs).toHaveLength(120);
  },
);
