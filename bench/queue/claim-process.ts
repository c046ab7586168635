import { openWorkspace, type Workspace } from '../../src/ledger/workspace.ts';
import { newWorkerId, workerIdentity } from '../../src/queue/claim-for-command.ts';
import { Claimer } from '../../src/queue/claimer.ts';
import { openQueue } from '../../src/queue/queue.ts';
import { takePart } from './take-part.ts';

/** A machine that claims. Arguments: its clone; how many workers share its push path. */
const [clone = '', workers = '1'] = process.argv.slice(2);
let lost = 0;
const workspace = await openWorkspace(clone);
const queue = openQueue(counted(workspace));
// The queue has been seen once before the window; what is claimed in it is up to the claimer.
await queue.view.look();
const claimer = new Claimer(queue);
const loops = Array.from({ length: Number(workers) }, () => {
  const worker = workerIdentity(newWorkerId());
  return async () => (await claimer.next(worker))?.slot.slot_id;
});
await takePart({ loops, lost: () => lost, graceMs: 20_000 });

function counted(of: Workspace): Workspace {
  const trySwap: Workspace['cells']['trySwap'] = async (swaps, priority) => {
    const verdicts = await of.cells.trySwap(swaps, priority);
    lost += verdicts.filter(({ result }) => result === 'taken').length;
    return verdicts;
  };
  return { ...of, cells: { ...of.cells, trySwap } };
}
