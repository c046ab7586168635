import type { Issue } from '../contracts/issue.ts';
import type { Claim, SlotResult } from '../contracts/work.ts';
import { blobOid } from '../git/blob-oid.ts';
import type { Edit } from '../git/edit.ts';
import type { Snapshot } from '../git/snapshot.ts';
import type { InboxFile } from '../ledger/inbox-file.ts';
import { INBOX } from '../ledger/paths.ts';
import { planRejections } from '../ledger/reject.ts';
import type { Workspace } from '../ledger/workspace.ts';
import type { Queue } from './queue.ts';
import { complete } from './slot-machine.ts';

/** A claim that counts for nothing, because its slot had gone to another or was folded already. */
export interface LateClaim {
  readonly claim: Claim;
  readonly why: string;
}

/** Edits that keep late results under `queue/rejected/claim/`, each beside a page that says why. */
export async function lateEdits(snapshot: Snapshot, late: readonly LateClaim[], at: Date): Promise<Edit[]> {
  const rejections = late.map(({ claim, why }) => ({ file: fileOf(claim), issues: [issue(claim, why)] }));
  return (await planRejections(snapshot, rejections, at)).flatMap(({ edits }) => edits);
}

/** Keeps the result of a worker that lost its lease. It counts for nothing, and is not thrown away. */
export async function keepLate(workspace: Workspace, late: LateClaim): Promise<void> {
  const subject = `Keep the late result of ${late.claim.slot_id}`;
  await workspace.log.transact({ subject, priority: 'intake' }, async (snapshot) => ({
    edits: await lateEdits(snapshot, [late], workspace.clock.now()),
    value: undefined,
  }));
}

/** Keeps what a worker says of a claim that it has lost. @returns why it counts for nothing */
export async function keepLateResult(queue: Queue, claim: Claim, result: SlotResult): Promise<string> {
  const why = 'its lease ran out, and the slot went on without it';
  const late = complete({ ...claim, state: 'claimed' }, queue.stamp(), result);
  await keepLate(queue.workspace, { claim: late, why });
  return why;
}

function fileOf(claim: Claim): InboxFile {
  const content = Buffer.from(`${JSON.stringify(claim, null, 2)}\n`);
  return {
    path: `${INBOX}/claim/${claim.slot_id}.${claim.token}.json`,
    place: 'cell',
    bytes: content.length,
    oid: blobOid(content),
    shape: 'file',
    read: async () => content,
  };
}

function issue({ token }: Claim, why: string): Issue {
  return {
    field: 'token',
    expected: 'the claim that holds the slot',
    found: `the claim with token ${token}: ${why}`,
    hint: 'the result counts for nothing; its branch, if it was pushed, can still be looked at',
  };
}
