import { expect, test } from 'vitest';
import { auditQueue } from '../../src/audit/audit-queue.ts';
import type { PassContext } from '../../src/ledger/controller.ts';
import { cancelItem } from '../../src/queue/cancel-item.ts';
import { claimForCommand } from '../../src/queue/claim-for-command.ts';
import { completeHeld, releaseHeld } from '../../src/queue/hold.ts';
import { openQueue } from '../../src/queue/queue.ts';
import { queueController } from '../../src/queue/queue-controller.ts';
import { reviveSlot } from '../../src/queue/revive-slot.ts';
import { claimSlot } from '../../src/queue/slot-machine.ts';
import { writeClaims } from '../../src/queue/write-claim.ts';
import { runPass } from '../../src/runner/run-pass.ts';
import { putWork } from '../chaos/work-clones.ts';
import { freshWorkspace, inWorkspace } from '../e2e/prepared-workspace.ts';

const shipped = { smoke_test_pass: true, files_pushed: [] };
const pass = (context: PassContext) => runPass(context, { controllers: [queueController] });

async function expectClean({ workspace }: PassContext): Promise<void> {
  const report = await auditQueue({
    root: workspace.root,
    ledgerBranch: 'main',
    namespace: 'refs/millwright',
  });
  expect(report.violations).toEqual([]);
}

test('an ended cell that was overwritten and mended is recorded once.', async () => {
  await using folder = await freshWorkspace('');
  await inWorkspace(folder.dir, async (context) => {
    await putWork(context.workspace, { item: 'b', slots: 1, lease: 60 });
    const held = await claimForCommand(openQueue(context.workspace), 'w1', { slot: 'b-v1' });
    await completeHeld(openQueue(context.workspace), held, shipped);
    const ref = 'refs/millwright/slots/b-v1';
    const tree = await folder
      .git('mktree', '--missing')
      .catch(() => folder.git('rev-parse', `${ref}^{tree}`));
    await folder.git('update-ref', ref, await folder.git('commit-tree', tree, '-p', ref, '-m', 'junk'));
    await pass(context);
    await expectClean(context);
  });
});

test('a worker that slept since the first life cannot bring its token into the next.', async () => {
  await using folder = await freshWorkspace('');
  await inWorkspace(folder.dir, async (context) => {
    const queue = () => openQueue(context.workspace);
    await putWork(context.workspace, { item: 'a', slots: 1, lease: 60, maxAttempts: 1 });
    const first = await claimForCommand(queue(), 'w1', { slot: 'a-v1' });
    await releaseHeld(queue(), first, 'it broke', true);
    await pass(context);
    await reviveSlot(context, 'a-v1');
    const late = claimSlot(first.slot, null, { worker_id: 'slept', host: 'h', pid: 1 }, queue().stamp());
    const [verdict] = await writeClaims(queue(), [{ expected: null, next: late }], 'claim');
    expect(verdict).toMatchObject({ result: 'swapped' });
    const commit = verdict?.result === 'swapped' ? (verdict.commit ?? '') : '';
    await releaseHeld(queue(), { ...first, claim: late, commit }, 'not now', false);
    const next = await claimForCommand(queue(), 'w2', { slot: 'a-v1' });
    expect(next.claim.token).toBe(2);
    await completeHeld(queue(), next, shipped);
    await pass(context);
    await expectClean(context);
  });
});

test('an item whose slot is dead is given up when it is cancelled.', async () => {
  await using folder = await freshWorkspace('');
  await inWorkspace(folder.dir, async (context) => {
    await putWork(context.workspace, { item: 'c', slots: 1, lease: 60, maxAttempts: 1 });
    const held = await claimForCommand(openQueue(context.workspace), 'w1', { slot: 'c-v1' });
    await releaseHeld(openQueue(context.workspace), held, 'it broke', true);
    await pass(context);
    await cancelItem(context, 'c', 'not wanted');
    await pass(context);
    expect(await folder.git('ls-tree', '--name-only', 'main', 'queue/items/', 'queue/dead/')).toBe('');
    await expectClean(context);
  });
});
