import { describeIssue } from '../contracts/issue.ts';
import type { LiveTable } from '../history/add-table.ts';
import type { PassContext } from '../ledger/controller.ts';
import { placeInInbox } from '../ledger/inbox-file.ts';
import { judgeFile } from '../ledger/judge-file.ts';
import { readInbox } from '../ledger/read-inbox.ts';
import { listQueue } from '../queue/list-queue.ts';
import { openQueue } from '../queue/queue.ts';

type Shape = Omit<LiveTable, 'rows'>;

const text = (name: string, words: string) => ({ name, type: 'VARCHAR', text: words });
const number = (name: string, words: string) => ({ name, type: 'BIGINT', text: words });
const time = (name: string, words: string) => ({ name, type: 'TIMESTAMP', text: words });

/** What is not history yet. These tables are read anew for each question; in the past they are empty. */
export const nowTables = {
  inbox: {
    name: 'now_inbox',
    summary: 'Contracts that wait in the inbox and that no pass has looked at.',
    columns: [
      text('kind', 'the folder that it lies in'),
      text('contract_id', 'id that it would be recorded under; null when it would be rejected'),
      text('path', 'where it lies'),
      text('place', 'work-tree, committed or cell'),
      number('bytes', 'size'),
      { name: 'accepted', type: 'BOOLEAN', text: 'whether it fits the schema of its kind' },
      text('problem', 'what does not fit'),
    ],
  },
  items: {
    name: 'now_items',
    summary: 'Items of work that are not finished.',
    columns: [
      text('item_id', 'the item'),
      text('kind', 'kind of the contract that it came from'),
      text('title', 'what it is about'),
      time('created_at', 'when it was queued'),
      time('cancelled_at', 'when it was given up'),
    ],
  },
  slots: {
    name: 'now_slots',
    summary: 'Slots that are in the queue or dead, and how each stands.',
    columns: [
      text('slot_id', 'the slot'),
      text('item_id', 'its item'),
      text('kind', 'kind of the contract that its item came from'),
      text('state', 'pending, blocked, cancelled, unreadable, dead, or what its claim says'),
      number('priority', 'higher goes first'),
      text('label', 'what sets it apart from its neighbours'),
      text('needs', 'the slot that it waits for'),
      text('branch', 'the branch that its result is pushed to'),
    ],
  },
  claims: {
    name: 'now_claims',
    summary: 'What the cells of live slots say.',
    columns: [
      text('slot_id', 'the slot'),
      text('state', 'claimed, released, or how it ended and no pass has folded it'),
      text('worker_id', 'who holds or held it'),
      number('token', 'number of the claim'),
      number('attempts', 'attempts that failed'),
      time('renewed_at', 'when it was last renewed, by the clock of the worker'),
      text('reason', 'why it was released or failed'),
    ],
  },
} as const satisfies Record<string, Shape>;

export function emptyNowTables(): LiveTable[] {
  return withoutRows(nowTables);
}

function withoutRows(tables: Readonly<Record<string, Shape>>): LiveTable[] {
  return Object.values(tables).map((table) => ({ ...table, rows: [] }));
}

/** Looks at the inbox and at the queue, as far as a statement asks for them: a look may go to a server. */
export async function readNowTables(context: PassContext, sql: string): Promise<LiveTable[]> {
  const { inbox, ...ofQueue } = nowTables;
  const asks = ({ name }: Shape) => new RegExp(`\\b${name}\\b`, 'i').test(sql);
  const rows = asks(inbox) ? await inboxRows(context) : [];
  const live = Object.values(ofQueue).some(asks) ? await queueTables(context) : withoutRows(ofQueue);
  return [{ ...inbox, rows }, ...live];
}

async function inboxRows({ workspace }: PassContext): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  for await (const batch of readInbox(workspace)) {
    for (const file of batch) {
      const judged = await judgeFile(file, workspace.settings.limits.contract_bytes);
      const { path, place, bytes } = file;
      const kind = placeInInbox(path)[0];
      rows.push(
        judged.ok
          ? { kind, path, place, bytes, accepted: true, contract_id: judged.contract.id }
          : {
              kind,
              path,
              place,
              bytes,
              accepted: false,
              problem: judged.issues.map((issue) => describeIssue(path, issue)).join('; '),
            },
      );
    }
  }
  return rows;
}

async function queueTables({ workspace }: PassContext): Promise<LiveTable[]> {
  const { items, slots } = await listQueue(openQueue(workspace), {});
  return [
    {
      ...nowTables.items,
      rows: items.map(({ cancelled, ...item }) => ({ ...item, cancelled_at: cancelled?.at })),
    },
    { ...nowTables.slots, rows: slots.map((slot) => ({ ...slot })) },
    {
      ...nowTables.claims,
      rows: slots.filter(({ token }) => token !== undefined).map((slot) => ({ ...slot })),
    },
  ];
}
