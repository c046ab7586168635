import { MillwrightError } from '../contracts/millwright-error.ts';
import { type Claim, type SlotResult, slotResult } from '../contracts/work.ts';
import { cancelItem } from '../queue/cancel-item.ts';
import { claimForCommand, newWorkerId } from '../queue/claim-for-command.ts';
import { removeClaimNote, writeClaimNote } from '../queue/claim-notes.ts';
import { completeOwn } from '../queue/complete-own.ts';
import { findOwnClaim } from '../queue/find-own-claim.ts';
import type { Held } from '../queue/held.ts';
import { type HoldAnswer, releaseHeld, renewHeld } from '../queue/hold.ts';
import { openQueue, type Queue } from '../queue/queue.ts';
import { reviveSlot } from '../queue/revive-slot.ts';
import { taken } from '../queue/taken.ts';
import type { CommandInput, Io } from './command.ts';
import { filterFrom } from './queue-show.ts';
import { print, withWorkspace } from './with-workspace.ts';

export async function claim({ folder, args, options }: CommandInput, io: Io): Promise<number> {
  return withQueue(folder, io, async (queue) => {
    const [slot] = args;
    const worker = typeof options.worker === 'string' ? options.worker : newWorkerId();
    const filter = { ...filterFrom(options), ...(slot === undefined ? {} : { slot }) };
    const held = await claimForCommand(queue, worker, filter);
    await noteOrRelease(queue, held);
    print(io, claimed(held), ({ slot_id, token, worker_id, lease_seconds, branch }) =>
      [
        `claimed ${slot_id} with token ${token} as ${worker_id}, for ${lease_seconds} s`,
        `push to ${branch}, then: millwright queue complete ${slot_id} --pass`,
      ].join('\n'),
    );
    return 0;
  });
}

/** A claim that nobody could find again would be held for a whole lease. */
async function noteOrRelease(queue: Queue, held: Held): Promise<void> {
  try {
    await writeClaimNote(queue.workspace, held);
  } catch (error) {
    await releaseHeld(queue, held, 'the claim could not be noted in this checkout', false);
    throw error;
  }
}

export async function renew(input: CommandInput, io: Io): Promise<number> {
  return withQueue(input.folder, io, async (queue) => {
    const held = await findOwnClaim(queue, ownFrom(input));
    const [answer] = await renewHeld(queue, [held]);
    const { work } = await queue.view.look();
    const item = work.items.get(held.slot.item_id);
    const cancelled = item === undefined || item.cancelled !== undefined;
    const claim = claimOf(held, answer);
    print(io, { ...said(claim), cancelled }, ({ slot_id, lease_seconds }) =>
      cancelled
        ? `${slot_id} is yours, but its item was cancelled: stop, and release it`
        : `${slot_id} is yours for another ${lease_seconds} s`,
    );
    return 0;
  });
}

export async function release(input: CommandInput, io: Io): Promise<number> {
  return withQueue(input.folder, io, async (queue) => {
    const held = await findOwnClaim(queue, ownFrom(input));
    const { reason, broke } = input.options;
    const claim = claimOf(held, await releaseHeld(queue, held, String(reason), broke === true));
    await removeClaimNote(queue.workspace, held.slot.slot_id);
    print(io, said(claim), ({ slot_id, state, attempts }) =>
      state === 'dead'
        ? `${slot_id} is dead after ${attempts} failed attempts`
        : `${slot_id} is free for others`,
    );
    return 0;
  });
}

export async function complete(input: CommandInput, io: Io): Promise<number> {
  const result = resultFrom(input.options);
  return withQueue(input.folder, io, async (queue) => {
    const { held, answer } = await completeOwn(queue, ownFrom(input), result);
    const claim = claimOf(held, answer);
    await removeClaimNote(queue.workspace, held.slot.slot_id);
    print(io, said(claim), ({ slot_id, state }) => `${slot_id} is ${state}`);
    return 0;
  });
}

export async function cancel({ folder, args, options }: CommandInput, io: Io): Promise<number> {
  return withWorkspace(folder, io, async (context) => {
    const id = args[0] ?? '';
    const left = await cancelItem(context, id, String(options.reason));
    print(
      io,
      { item_id: id, slots_left: left },
      () =>
        `${id} is cancelled; ${left} of its slots leave with the next passes, those that are held after their holders were told`,
    );
    return 0;
  });
}

export async function revive({ folder, args }: CommandInput, io: Io): Promise<number> {
  return withWorkspace(folder, io, async (context) => {
    const { slot, reason } = await reviveSlot(context, args[0] ?? '');
    print(io, { slot_id: slot.slot_id, reason }, ({ slot_id: id }) => `${id} is back in the queue`);
    return 0;
  });
}

function withQueue(folder: string, io: Io, work: (queue: Queue) => Promise<number>): Promise<number> {
  return withWorkspace(folder, io, ({ workspace }) => work(openQueue(workspace)));
}

function ownFrom({ args, options }: CommandInput) {
  const { worker, token } = options;
  return {
    slotId: args[0] ?? '',
    ...(typeof worker === 'string' ? { worker } : {}),
    ...(token === undefined ? {} : { token: tokenFrom(token) }),
  };
}

function tokenFrom(text: unknown): number {
  if (/^\d{1,9}$/.test(String(text))) return Number(text);
  throw new MillwrightError('usage', `expected a whole number for --token, found ${JSON.stringify(text)}`, {
    hint: '"millwright queue show" says which token a claim has',
  });
}

/** Throws `taken` for a claim that was lost, and what went wrong when nobody knows. */
function claimOf(held: Held, answer: HoldAnswer | undefined): Claim {
  if (answer?.result === 'held') return answer.held.claim;
  if (answer?.result === 'ended') return answer.claim;
  if (answer?.result === 'unknown' && answer.error !== undefined) throw answer.error;
  throw taken(held.slot.slot_id, answer?.result === 'lost' ? answer.by : null);
}

function claimed({ slot, claim, commit }: Held) {
  const { prompt, persona, branch, label, variables } = slot;
  const work = { prompt, persona, branch, ...(label === undefined ? {} : { label }), variables };
  return { ...said(claim), commit, ...work };
}

function said({ slot_id, item_id, state, token, worker_id, attempts, lease_seconds, renewed_at }: Claim) {
  return { slot_id, item_id, state, token, worker_id, attempts, lease_seconds, renewed_at };
}

function resultFrom(options: Readonly<Record<string, unknown>>): SlotResult {
  if ((options.pass === true) === (options.fail === true))
    throw new MillwrightError('usage', 'expected one of --pass and --fail', {
      hint: '--pass when the smoke test passed, --fail when it did not',
    });
  const given = {
    smoke_test_pass: options.pass === true,
    branch_name: options.branch,
    commit_hash: options.commit,
    files_pushed: typeof options.files === 'string' ? options.files.split(',') : undefined,
    reason: options.reason,
    model: options.model,
    cost_usd: options.cost === undefined ? undefined : Number(options.cost),
  };
  const read = slotResult.safeParse(given);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new MillwrightError('usage', `the result is not right: ${issue?.path.join('.')}: ${issue?.message}`, {
    hint: 'millwright queue complete --help shows what each option takes',
  });
}
