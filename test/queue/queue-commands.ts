import fc from 'fast-check';
import { expect } from 'vitest';
import { installFaultHook } from '../../src/contracts/fault-point.ts';
import type { Claim } from '../../src/contracts/work.ts';
import { cancelItem } from '../../src/queue/cancel-item.ts';
import type { Held } from '../../src/queue/held.ts';
import { cancelHeld, completeHeld, type HoldAnswer, releaseHeld, renewHeld } from '../../src/queue/hold.ts';
import { listQueue } from '../../src/queue/list-queue.ts';
import { queueController } from '../../src/queue/queue-controller.ts';
import { reviveSlot } from '../../src/queue/revive-slot.ts';
import { type Crew, type Fault, faults, restart, slots, start, truth, type Worker } from './queue-crew.ts';
import type { CellModel, QueueModel, SlotModel } from './queue-model.ts';

type Command = fc.AsyncCommand<QueueModel, Crew>;
type Truth = Claim & { readonly commit: string };

const ways = {
  renew: 'claimed',
  release: 'released',
  break: 'released',
  pass: 'shipped',
  fail: 'failed',
  cancel: 'cancelled',
} as const;
type Way = keyof typeof ways;

/** Everything that can happen, with the likely more often. */
export function anyCommand(): fc.Arbitrary<Command>[] {
  const worker = fc.nat(2);
  const fault = fc.oneof({ weight: 6, arbitrary: fc.constant<Fault>('none') }, fc.constantFrom(...faults));
  const way = fc.constantFrom(...(Object.keys(ways) as Way[]));
  const killed = fc.constantFrom(undefined, undefined, 'queue:folded', 'queue:given-back');
  const claim = fc.tuple(worker, fault).map(([at, how]) => claims(at, how));
  const act = fc.tuple(worker, way, fc.nat(4), fault).map((one) => acts(...one));
  return [
    claim,
    claim,
    act,
    act,
    worker.map(goesOn),
    worker.map(dies),
    fc.constantFrom(0.1, 1, 15, 34, 100).map(passes),
    killed.map(folds),
    fc.constantFrom('a', 'b').map(cancels),
    fc.constantFrom(...slots.map(({ slot_id }) => slot_id)).map(revives),
  ];
}

function command(name: string, check: Command['check'], run: Command['run']): Command {
  const checked = async (model: QueueModel, crew: Crew) => {
    await run(model, crew);
    await agree(model, crew);
  };
  return { check, run: checked, toString: () => name };
}

export const claims = (at: number, fault: Fault): Command =>
  command(`w${at} claims (${fault})`, always, async (model, crew) => {
    const worker = workerAt(crew, at);
    if (worker.standing !== undefined) return;
    worker.sights = 0;
    const step = () => worker.claimer.next(worker.identity);
    await start(worker, fault, step, async (outcome, stood) => {
      const fresh = worker.sights > 0 && !worker.unsure && !stood;
      await absorbClaims(model, crew, worker, fresh);
      if ('error' in outcome) {
        worker.unsure = true;
        return;
      }
      worker.unsure = false;
      const held = outcome.value;
      if (held !== undefined) await learn(crew, model, worker, held);
      // Whoever has looked and found nothing has overlooked nothing.
      else if (fresh) expect([...model.slots.values()].filter((one) => model.isReady(one))).toEqual([]);
    });
    if (worker.standing !== undefined) await absorbClaims(model, crew, worker, false);
  });

/** A claim that a worker is told of is there, unless it stood still so long that it was taken from it again. */
async function learn(crew: Crew, model: QueueModel, worker: Worker, held: Held): Promise<void> {
  const { slot_id: id } = held.slot;
  expect(held.claim.worker_id).toBe(worker.identity.worker_id);
  const isThere = model.at(id).cell?.commit === held.commit;
  if (!isThere) expect(held.untilMs).toBeLessThan(crew.clock.monotonicMs());
  worker.held.set(id, held);
  worker.done.delete(id);
}

/** Takes over what a claiming worker has done to the cells, and holds every bit of it against the rules. */
async function absorbClaims(model: QueueModel, crew: Crew, worker: Worker, fresh: boolean): Promise<void> {
  for (const [one, now] of await changes(model, crew)) {
    const { cell } = one;
    if (now.state === 'dead') {
      expect(model.isAbandoned(one, crew.clock.monotonicMs())).toBe(true);
      expect(cell?.attempts).toBe(one.slot.max_attempts - 1);
      expect([now.token, now.nonce]).toEqual([cell?.token, cell?.nonce]);
    } else {
      expect([now.state, now.worker_id]).toEqual(['claimed', worker.identity.worker_id]);
      const abandoned = model.isAbandoned(one, crew.clock.monotonicMs());
      expect(abandoned || cell === undefined || cell.state === 'released').toBe(true);
      expect(now.attempts).toBe((cell?.attempts ?? 0) + (abandoned ? 1 : 0));
      if (fresh && !abandoned) expect(model.isReady(one)).toBe(true);
      if (fresh) expect(now.token).toBe(Math.max(cell?.token ?? 0, one.base) + 1);
      expect(now.token).toBeGreaterThan(cell?.token ?? 0);
    }
    one.cell = cellOf(now, crew);
  }
}

export const acts = (at: number, way: Way, which: number, fault: Fault): Command =>
  command(`w${at} has one to ${way} (${fault})`, always, async (model, crew) => {
    const worker = workerAt(crew, at);
    const mine = [...worker.held.values()];
    const held = mine[which % Math.max(1, mine.length)];
    if (worker.standing !== undefined || held === undefined) return;
    const { slot_id: id } = held.slot;
    if (way === 'renew' && worker.done.has(id)) return;
    if (way !== 'renew') worker.done.add(id);
    let expected: HoldAnswer['result'] | undefined;
    const judge = async () => {
      expected ??= await absorbAct(model, crew, held, way);
    };
    await start(
      worker,
      fault,
      () => apply(worker, held, way),
      async (outcome, stood) => {
        // One that stood after its push has been judged then.
        if (fault !== 'cut') await judge();
        if ('error' in outcome) throw outcome.error;
        const broken = fault === 'cut' || fault === 'answer lost';
        expect({ way, stood, result: outcome.value?.result }).toEqual({
          way,
          stood,
          result: broken ? 'unknown' : expected,
        });
        if (outcome.value?.result === 'held') worker.held.set(id, outcome.value.held);
        else if (outcome.value?.result !== 'unknown') worker.held.delete(id);
      },
    );
    if (worker.standing !== undefined && fault === 'pause after') await judge();
  });

async function apply({ machine: { queue } }: Worker, held: Held, way: Way): Promise<HoldAnswer | undefined> {
  switch (way) {
    case 'renew':
      return (await renewHeld(queue, [held]))[0];
    case 'cancel':
      return cancelHeld(queue, held, 'told to');
    case 'release':
    case 'break':
      return releaseHeld(queue, held, 'given up', way === 'break');
    default:
      return completeHeld(queue, held, { smoke_test_pass: way === 'pass', files_pushed: [] });
  }
}

/** @returns what a holder has to be told */
async function absorbAct(model: QueueModel, crew: Crew, held: Held, way: Way) {
  const one = model.at(held.slot.slot_id);
  const { cell } = one;
  const dies = way === 'break' && held.claim.attempts + 1 >= one.slot.max_attempts;
  const state = dies ? 'dead' : ways[way];
  const changed = await changes(model, crew);
  if (cell?.commit !== held.commit) {
    expect(changed).toEqual([]);
    // Folded meanwhile: a holder whose answer got lost learns from the records that its word counted.
    if (cell === undefined) return model.told.get(held.claim.nonce) === state ? 'ended' : 'lost';
    if (cell.nonce !== held.claim.nonce) return 'lost';
    if (cell.state === 'claimed') return 'held';
    return cell.state === state ? 'ended' : 'lost';
  }
  expect(changed.map(([{ slot }]) => slot.slot_id)).toEqual([held.slot.slot_id]);
  const now = changed[0]?.[1] as Truth;
  const attempts = cell.attempts + (way === 'break' ? 1 : 0);
  const { token, nonce } = cell;
  expect(now).toMatchObject({ state, attempts, token, nonce });
  one.cell = cellOf(now, crew);
  return state === 'claimed' ? 'held' : 'ended';
}

export const goesOn = (at: number): Command =>
  command(`w${at} goes on`, always, async (_, crew) => workerAt(crew, at).standing?.settle());

export const dies = (at: number): Command =>
  command(`w${at} is killed`, always, async (_, crew) => restart(crew, workerAt(crew, at)));

export const passes = (seconds: number): Command =>
  command(`${seconds} s pass`, always, async (_, { clock }) => clock.advance(seconds));

export const folds = (killedAt: string | undefined): Command =>
  command(`a pass${killedAt === undefined ? '' : `, killed at ${killedAt}`}`, always, async (model, crew) => {
    const killed = await runOnce(crew, killedAt);
    const now = await truth(crew);
    const expected = model.pass(crew.clock.now().getTime(), killedAt, (one) => {
      const found = now.get(one.slot.slot_id);
      if (one.cell === undefined || found === undefined) return;
      const { state, attempts } = one.cell;
      expect(found).toMatchObject({ state, attempts, token: one.cell.token, nonce: one.cell.nonce });
      one.cell = cellOf(found, crew);
    });
    expect(killed).toBe(expected);
  });

async function runOnce({ desk }: Crew, killedAt: string | undefined): Promise<boolean> {
  const died = new Error('killed');
  installFaultHook((point) => {
    if (point === killedAt) throw died;
  });
  try {
    for (const step of await queueController.plan(desk.context)) await step.apply();
    return false;
  } catch (error) {
    if (error !== died) throw error;
    return true;
  } finally {
    installFaultHook(undefined);
  }
}

const cancels = (id: string): Command =>
  command(`somebody cancels ${id}`, always, async (model, { desk }) => {
    const item = model.items.get(id);
    if (item === undefined || item.closed)
      return expect(cancelItem(desk.context, id, 'no')).rejects.toMatchObject({ code: 'unknown-item' });
    await cancelItem(desk.context, id, 'not wanted');
    item.cancelled = true;
  });

const revives = (id: string): Command =>
  command(`somebody revives ${id}`, always, async (model, { desk }) => {
    const one = model.at(id);
    if (one.where !== 'dead')
      return expect(reviveSlot(desk.context, id)).rejects.toMatchObject({ code: 'unknown-slot' });
    await reviveSlot(desk.context, id);
    model.revive(one);
  });

const always = () => true;

function workerAt({ workers }: Crew, at: number): Worker {
  const worker = workers[at];
  if (worker === undefined) throw new Error(`there is no worker ${at}`);
  return worker;
}

function cellOf(now: Truth, { clock }: Crew): CellModel {
  const { state, token, attempts, worker_id: worker, nonce, commit } = now;
  const renewedAt = Date.parse(now.renewed_at);
  return { state, token, attempts, worker, nonce, commit, renewedAt, writtenAt: clock.monotonicMs() };
}

/** Cells that are not as the model has them. Only a pass may remove one. */
async function changes(model: QueueModel, crew: Crew): Promise<[SlotModel, Truth][]> {
  const now = await truth(crew);
  return [...model.slots].flatMap(([id, one]): [SlotModel, Truth][] => {
    const found = now.get(id);
    if (found === undefined) expect(one.cell).toBeUndefined();
    return found === undefined || found.commit === one.cell?.commit ? [] : [[one, found]];
  });
}

/** The model and the engine say the same of every slot, and nobody believes to hold what another does. */
async function agree(model: QueueModel, crew: Crew): Promise<void> {
  const { slots: rows, items } = await listQueue(crew.witness.queue, {});
  const live = [...model.slots.values()].filter(({ where }) => where !== 'gone');
  const expected = live.map((one) => [one.slot.slot_id, model.stateOf(one)]);
  expect(rows.map(({ slot_id, state }) => [slot_id, state])).toEqual(expected);
  const cells = [...(await truth(crew))].map(([id, { commit }]) => [id, commit]);
  const known = [...model.slots].flatMap(([id, { cell }]) => (cell ? [[id, cell.commit]] : []));
  expect(new Map(cells as [string, string][])).toEqual(new Map(known as [string, string][]));
  expect(items.every(({ item_id: id }) => model.items.get(id)?.closed === false)).toBe(true);
  const now = crew.clock.monotonicMs();
  const believers = crew.workers.flatMap(({ held, done }) =>
    [...held.values()].filter(({ slot, untilMs }) => untilMs > now && !done.has(slot.slot_id)),
  );
  const ids = believers.map(({ slot }) => slot.slot_id);
  expect(ids).toEqual([...new Set(ids)]);
}
