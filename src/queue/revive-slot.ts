import { MillwrightError } from '../contracts/millwright-error.ts';
import { parseBytes } from '../contracts/parse-text.ts';
import { type DeadLetter, deadLetter } from '../contracts/work.ts';
import type { Snapshot } from '../git/snapshot.ts';
import type { PassContext } from '../ledger/controller.ts';
import { recordAll } from '../ledger/record-all.ts';
import { putSlot } from './enqueue.ts';
import { deadPath } from './paths.ts';
import { slotEventOf } from './slot-events.ts';

/**
 * Puts a dead slot back into the queue, with all its attempts before it. Its tokens go on from the last one.
 * Throws `unknown-slot` when no dead letter has this id.
 */
export async function reviveSlot({ workspace, index }: PassContext, slotId: string): Promise<DeadLetter> {
  let revived: DeadLetter | undefined;
  const words = { subject: `Revive ${slotId}`, priority: 'claim' as const };
  await recordAll(workspace, index, words, async (snapshot) => {
    revived = await readDead(snapshot, slotId);
    const { slot } = revived;
    const at = workspace.clock.now().toISOString();
    const event = slotEventOf(slot, { event: 'revived', token: slot.token, at });
    return { contracts: [event], edits: [putSlot(slot), { remove: deadPath(slotId) }] };
  });
  if (revived === undefined) throw noLetter(slotId);
  return revived;
}

async function readDead(snapshot: Snapshot, slotId: string): Promise<DeadLetter> {
  const bytes = await snapshot.bytes(deadPath(slotId));
  const read = bytes === undefined ? undefined : parseBytes(bytes, '.json');
  const letter = deadLetter.safeParse(read?.ok ? read.data : undefined);
  if (!letter.success) throw noLetter(slotId);
  return letter.data;
}

function noLetter(slotId: string): MillwrightError {
  return new MillwrightError('unknown-slot', `there is no dead slot ${JSON.stringify(slotId)}`, {
    hint: '"millwright queue list" names the dead ones; one that has just died can be revived after the next pass ("millwright run --once")',
    data: { slot_id: slotId },
  });
}
