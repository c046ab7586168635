import { openWorkspace } from '../../src/ledger/workspace.ts';
import { newWorkerId, workerIdentity } from '../../src/queue/claim-for-command.ts';
import { Claimer } from '../../src/queue/claimer.ts';
import { openQueue } from '../../src/queue/queue.ts';
import { takePart } from './take-part.ts';

/** One worker that claims from several queues in turn: what befalls the machine befalls all. Arguments: clones. */
const worker = workerIdentity(newWorkerId());
const claimers: Claimer[] = [];
for (const clone of process.argv.slice(2)) {
  const queue = openQueue(await openWorkspace(clone));
  await queue.view.look();
  claimers.push(new Claimer(queue));
}
let turn = 0;
await takePart({
  loops: [
    async () => {
      turn = (turn + 1) % claimers.length;
      const held = await claimers[turn]?.next(worker);
      return held && `${turn}:${held.slot.slot_id}`;
    },
  ],
  graceMs: 20_000,
});
