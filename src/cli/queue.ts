import type { CommandDefinition } from './command.ts';
import { runAudit } from './queue-audit.ts';
import { cancel, claim, complete, release, renew, revive } from './queue-change.ts';
import { list, show, stats } from './queue-show.ts';
import { watch } from './queue-watch.ts';

const slotArgument = { name: '<slot>', text: 'the id of a slot' };
const worker = { flags: '--worker <id>', text: 'who you are; default: whoever claimed it in this checkout' };
const token = { flags: '--token <number>', text: 'the token of the claim, to be sure which one is meant' };
const item = { flags: '--item <id>', text: 'only slots of this item' };
const kinds = { flags: '--kinds <names>', text: 'only items of these kinds, with commas between them' };
const held = '11 held by another, or lost';

export const queue: CommandDefinition = {
  name: 'queue',
  summary: 'list, claim, renew, release and complete slots of work; cancel, revive, watch, audit',
  description:
    'An item of work is split into slots. A worker claims a slot by committing a lock file to a ref of its own, renews it while it works, and completes it. Who lost a claim is told so with exit code 11, and what it did counts for nothing. "millwright work" does all of this for an agent; these commands are for scripts and for people.',
  examples: ['millwright queue list', 'millwright queue claim --json', 'millwright queue stats'],
  exits: ['10 no workspace here', held, '14 nothing to claim'],
  subcommands: [
    {
      name: 'list',
      summary: 'live items, and how each of their slots stands',
      description: 'Lists live work, the oldest item first, with who holds what.',
      options: [item, kinds],
      examples: ['millwright queue list', 'millwright queue list --item 01k9 --json'],
      run: list,
    },
    {
      name: 'show',
      summary: 'one item or slot, with its whole life so far',
      description: 'Shows a slot with every step of its cell, or an item with its slots.',
      args: [{ name: '<id>', text: 'the id of a slot or an item' }],
      examples: ['millwright queue show 01k9-v2'],
      run: show,
    },
    {
      name: 'claim',
      summary: 'claim one slot: the one that is named, or any that is ready',
      description:
        'Chooses among the ready slots of the highest priority, at random, and claims in the same step. The claim holds for its lease; renew it before that. Asking again as the same worker for the same slot gives the same claim.',
      args: [{ name: '[slot]', text: 'the id of a slot; default: any that is ready' }],
      options: [{ flags: '--worker <id>', text: 'who you are; default: a new id' }, item, kinds],
      examples: ['millwright queue claim --json', 'millwright queue claim 01k9-v2 --worker laptop-1'],
      exits: [held, '14 nothing to claim'],
      run: claim,
    },
    {
      name: 'renew',
      summary: 'hold a claim for another lease',
      description: 'Renews a claim. Says when its item was cancelled: then release it.',
      args: [slotArgument],
      options: [worker, token],
      examples: ['millwright queue renew 01k9-v2'],
      exits: [held],
      run: renew,
    },
    {
      name: 'release',
      summary: 'give a claim back, so that others can take the slot at once',
      description:
        'Gives a claim back. With --broke the attempt counts as failed; too many make the slot dead.',
      args: [slotArgument],
      options: [
        { flags: '--reason <text>', text: 'why', default: 'released by hand' },
        { flags: '--broke', text: 'the attempt failed' },
        worker,
        token,
      ],
      examples: ['millwright queue release 01k9-v2 --reason "shutting down"'],
      exits: [held],
      run: release,
    },
    {
      name: 'complete',
      summary: 'say what became of a slot: shipped or failed',
      description:
        'Ends a claim with its result. --pass makes the slot shipped, --fail makes it failed. A result that comes too late is kept under queue/rejected/claim and counts for nothing.',
      args: [slotArgument],
      options: [
        { flags: '--pass', text: 'the smoke test passed' },
        { flags: '--fail', text: 'it did not' },
        { flags: '--branch <name>', text: 'the branch that was pushed' },
        { flags: '--commit <hash>', text: 'the commit that was pushed' },
        { flags: '--files <paths>', text: 'files that were pushed, with commas between them' },
        { flags: '--reason <text>', text: 'why it failed' },
        { flags: '--model <name>', text: 'the model that did it' },
        { flags: '--cost <usd>', text: 'what it cost' },
        worker,
        token,
      ],
      examples: [
        'millwright queue complete 01k9-v2 --pass --branch feat/thought-01k9-v2 --commit 4f1c9d2',
        'millwright queue complete 01k9-v2 --fail --reason "the tests hang"',
      ],
      exits: [held],
      run: complete,
    },
    {
      name: 'cancel',
      summary: 'cancel an item; its holders are told at their next renewal',
      description:
        'Cancels an item. What is shipped stays shipped; slots that nobody holds leave with the next pass.',
      args: [{ name: '<item>', text: 'the id of an item' }],
      options: [{ flags: '--reason <text>', text: 'why', default: 'cancelled by hand' }],
      examples: ['millwright queue cancel 01k9 --reason "not wanted any more"'],
      run: cancel,
    },
    {
      name: 'revive',
      summary: 'put a dead slot back into the queue',
      description:
        'A slot that failed too often lies in queue/dead with its last error. This gives it another life.',
      args: [slotArgument],
      examples: ['millwright queue revive 01k9-v2'],
      run: revive,
    },
    {
      name: 'stats',
      summary: 'how many slots and items are in which state',
      description: 'Counts slots by state and items by kind, over the whole history.',
      examples: ['millwright queue stats --json'],
      run: stats,
    },
    {
      name: 'watch',
      summary: 'print what happens in the queue, as it happens',
      description:
        'Prints one line for each event: variant_claimed, variant_complete, thought_complete. With --item it tells that item from its beginning, and stops when it is done.',
      options: [
        { flags: '--item <id>', text: 'only this item, and stop when it is done' },
        { flags: '--every <seconds>', text: 'how often to look', default: '2' },
      ],
      examples: ['millwright queue watch', 'millwright queue watch --item 01k9 --json'],
      exits: ['130 interrupted'],
      run: watch,
    },
    {
      name: 'audit',
      summary: 'prove from cells and records that every claim held',
      description:
        'Replays every cell and every record with code that shares nothing with the engine: never two holders at once, tokens only grow, every slot ends exactly once, nothing is lost. Names every violation; exit code 1 then.',
      options: [{ flags: '--branches', text: 'also hold every shipped commit against its branch' }],
      examples: ['millwright queue audit', 'millwright queue audit --branches --json'],
      run: runAudit,
    },
  ],
};
