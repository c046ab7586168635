import { describe, expect, test } from 'vitest';
import { type AuditReport, auditQueue } from '../../src/audit/audit-queue.ts';
import { type Clock, systemClock } from '../../src/contracts/clock.ts';
import type { Contract } from '../../src/contracts/record.ts';
import { thought } from '../../src/contracts/thought.ts';
import type { PassContext } from '../../src/ledger/controller.ts';
import { recordAll } from '../../src/ledger/record-all.ts';
import { cancelItem } from '../../src/queue/cancel-item.ts';
import { claimForCommand } from '../../src/queue/claim-for-command.ts';
import { enqueue } from '../../src/queue/enqueue.ts';
import type { Held } from '../../src/queue/held.ts';
import { completeHeld, releaseHeld, renewHeld } from '../../src/queue/hold.ts';
import { openQueue, type Queue } from '../../src/queue/queue.ts';
import { queueController } from '../../src/queue/queue-controller.ts';
import type { Recipe } from '../../src/queue/recipe.ts';
import { reviveSlot } from '../../src/queue/revive-slot.ts';
import { runPass } from '../../src/runner/run-pass.ts';
import { freshWorkspace, inWorkspace } from '../e2e/prepared-workspace.ts';
import { chooseSeed, seededRandom } from '../e2e/seeded-random.ts';

const steps = Number(process.env.MILLWRIGHT_AUDIT_STEPS ?? 50);

describe('an audit of what the engine has written', () => {
  test('has nothing against it after any steps, and counts what has happened.', async () => {
    const seed = chooseSeed('MILLWRIGHT_AUDIT_SEED');
    process.stdout.write(`audit seed ${seed}\n`);
    await using folder = await freshWorkspace('\nwork:\n  max_attempts: 2\n');
    const time = { skippedMs: 0 };
    const reports = await inWorkspace(folder.dir, (context) => play(context, seed, time), {
      clock: clockAhead(time),
    });
    expect({ seed, bad: reports.flatMap(({ violations }) => violations) }).toEqual({ seed, bad: [] });
    expect(reports.at(-1)).toMatchObject({ items: 3, slots: 9 });
    expect(reports.at(-1)?.claims).toBeGreaterThan(0);
  }, 180_000);
});

/** Random steps of workers, people and passes. Returns what the audit said on the way. */
async function play(context: PassContext, seed: number, time: { skippedMs: number }): Promise<AuditReport[]> {
  const random = seededRandom(seed);
  const { workspace } = context;
  for (const id of ['one', 'two', 'three']) await putItem(context, id);
  const held: Held[] = [];
  const reports: AuditReport[] = [];
  for (let step = 0; step < steps; step += 1) {
    await takeStep({ context, held, time }, random);
    if (step % 10 === 9)
      reports.push(
        await auditQueue({ root: workspace.root, ledgerBranch: 'main', namespace: 'refs/millwright' }),
      );
  }
  return reports;
}

interface Stage {
  readonly context: PassContext;
  readonly held: Held[];
  readonly time: { skippedMs: number };
}

async function takeStep({ context, held, time }: Stage, random: () => number): Promise<void> {
  const queue = openQueue(context.workspace);
  const dice = random();
  const [one] = random() < 0.4 || held.length === 0 ? [] : held.splice(Math.floor(random() * held.length), 1);
  if (one !== undefined && dice < 0.7) return change(queue, held, one, dice);
  if (one !== undefined) held.push(one);
  if (dice < 0.4) {
    const claimed = await claimForCommand(queue, `w${Math.floor(random() * 3)}`, {}).catch(() => undefined);
    if (claimed !== undefined) held.push(claimed);
  } else if (dice < 0.8) await runPass(context, { controllers: [queueController] });
  else if (dice < 0.88) time.skippedMs += 600_000;
  else if (dice < 0.9) await cancelItem(context, 'two', 'no').catch(() => undefined);
  else await reviveSomething(context, random);
}

/** What a holder does. Some have lost their claim by then, and are told so. */
async function change(queue: Queue, held: Held[], one: Held, dice: number): Promise<void> {
  if (dice < 0.1) {
    const [answer] = await renewHeld(queue, [one]);
    if (answer?.result === 'held') held.push(answer.held);
  } else if (dice < 0.4) await completeHeld(queue, one, { smoke_test_pass: dice < 0.33, files_pushed: [] });
  else await releaseHeld(queue, one, 'not now', dice < 0.65);
}

async function reviveSomething(context: PassContext, random: () => number): Promise<void> {
  const items = ['one', 'two', 'three'];
  const all = items.flatMap((item) => [1, 2, 3].map((n) => `${item}-v${n}`));
  const from = Math.floor(random() * all.length);
  for (const slot of [...all.slice(from), ...all.slice(0, from)])
    if (await reviveSlot(context, slot).catch(() => undefined)) return;
}

const recipe: Recipe = {
  name: 'sample',
  kind: 'thought',
  words: { item: 'item', slot: 'slot' },
  split: ({ id }) => ({
    title: id,
    priority: 0,
    slots: [1, 2, 3].map((n) => ({
      slot_id: `${id}-v${n}`,
      prompt: 'sample',
      persona: 'frontend',
      branch: `feat/${id}-v${n}`,
      ...(n === 3 ? { needs: [`${id}-v1`] } : {}),
    })),
  }),
};

async function putItem({ workspace, index }: PassContext, id: string): Promise<void> {
  const contract: Contract = { id, kind: thought, source: 'test', fields: {} };
  const words = { subject: `Queue ${id}`, priority: 'intake' as const };
  await recordAll(workspace, index, words, async () =>
    enqueue(recipe, contract, workspace.settings, workspace.clock.now()),
  );
}

/** A clock that a step can put forward: leases run out without anybody waiting for it. */
function clockAhead(time: { skippedMs: number }): Clock {
  return {
    now: () => new Date(Date.now() + time.skippedMs),
    monotonicMs: () => systemClock.monotonicMs() + time.skippedMs,
    sleep: systemClock.sleep,
  };
}
