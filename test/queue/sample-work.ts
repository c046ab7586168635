import {
  type Claim,
  claim,
  type WorkItem,
  type WorkSlot,
  workItem,
  workSlot,
} from '../../src/contracts/work.ts';
import type { Edit } from '../../src/git/edit.ts';
import type { Workspace } from '../../src/ledger/workspace.ts';
import { putItem, putSlot } from '../../src/queue/enqueue.ts';
import type { Stamp, WorkerIdentity } from '../../src/queue/slot-machine.ts';

export const startOfTime = new Date('2026-11-20T10:00:00.000Z');

export const ada: WorkerIdentity = { worker_id: 'ada', host: 'here', pid: 1 };
export const bob: WorkerIdentity = { worker_id: 'bob', host: 'there', pid: 2 };

export function sampleSlot(slot_id: string, more: Partial<WorkSlot> = {}): WorkSlot {
  return workSlot.parse({
    slot_id,
    item_id: slot_id.split('-')[0],
    kind: 'thought',
    recipe: 'thought',
    priority: 0,
    prompt: 'thought',
    persona: 'frontend',
    branch: `feat/${slot_id}`,
    lease_seconds: 60,
    max_attempts: 3,
    created_at: startOfTime.toISOString(),
    ...more,
  });
}

export function sampleItem(slots: readonly WorkSlot[], more: Partial<WorkItem> = {}): WorkItem {
  const [first] = slots;
  return workItem.parse({
    item_id: first?.item_id,
    kind: first?.kind,
    recipe: first?.recipe,
    title: 'A wheel',
    priority: first?.priority,
    created_at: first?.created_at,
    slots: slots.map(({ slot_id }) => slot_id),
    ...more,
  });
}

export function sampleClaim(more: Partial<Claim> = {}): Claim {
  return claim.parse({
    slot_id: 'a-1',
    item_id: 'a',
    state: 'claimed',
    ...ada,
    token: 1,
    nonce: 'first',
    claimed_at: startOfTime.toISOString(),
    renewed_at: startOfTime.toISOString(),
    clock: 'local',
    lease_seconds: 60,
    attempts: 0,
    max_attempts: 3,
    ...more,
  });
}

export function stampAt(seconds: number, nonce = 'second'): Stamp {
  return { at: new Date(startOfTime.getTime() + seconds * 1_000), clock: 'local', nonce };
}

/** Files that put items with these slots into a queue. */
export function workEdits(slots: readonly WorkSlot[]): Edit[] {
  const items = [...new Set(slots.map(({ item_id }) => item_id))];
  return [
    ...items.map((id) => putItem(sampleItem(slots.filter(({ item_id }) => item_id === id)))),
    ...slots.map(putSlot),
  ];
}

export async function putWork({ log }: Workspace, slots: readonly WorkSlot[]): Promise<void> {
  await log.transact({ subject: 'Queue work' }, async () => ({ edits: workEdits(slots), value: undefined }));
}
