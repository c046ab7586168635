import { checkedOutInbox } from './checked-out-inbox.ts';
import type { InboxFile } from './inbox-file.ts';
import { listCells, listCommitted } from './list-inbox.ts';
import { listWorkTree, openWorkFile, type WorkTreeListing } from './list-work-tree.ts';
import type { Workspace } from './workspace.ts';

const BATCH_FILES = 2_500;
const BATCH_BYTES = 32_000_000;
/** Files of the checkout that are opened at the same time. */
const OPEN_AT_ONCE = 64;

/** Everything that waits, in batches that fit into memory whatever anybody drops. */
export async function* readInbox(workspace: Workspace): AsyncGenerator<InboxFile[]> {
  let batch: InboxFile[] = [];
  let bytes = 0;
  for await (const file of eachFile(workspace)) {
    if (batch.length >= BATCH_FILES || (batch.length > 0 && bytes + file.bytes > BATCH_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(file);
    bytes += file.bytes;
  }
  if (batch.length > 0) yield batch;
}

/** How many files wait, wherever they lie. Reads names only. */
export async function countInbox(workspace: Workspace): Promise<number> {
  const { committed, cells, uncommitted, here } = await listEverything(workspace);
  const paths = new Set([...committed.map(({ path }) => path), ...here.keys()]);
  return committed.length + cells.length + uncommitted.filter((path) => !paths.has(path)).length;
}

async function listEverything(workspace: Workspace) {
  const { root, clock, repository, store, log, cells } = workspace;
  const warn = (message: string) => {
    if (!workspace.warnings.includes(message)) workspace.warnings.push(message);
  };
  const checkout: WorkTreeListing = { root, clock, warn };
  const committed = await listCommitted((await log.tip()).snapshot, store, warn);
  const uncommitted = repository.bare ? [] : await listWorkTree(checkout);
  // Asked last: what a person commits meanwhile is then seen as committed.
  const here = await checkedOutInbox(workspace);
  return { committed, uncommitted, here, checkout, cells: await listCells(cells) };
}

async function* eachFile(workspace: Workspace): AsyncGenerator<InboxFile> {
  const { committed, cells, uncommitted, here, checkout } = await listEverything(workspace);
  yield* committed;
  yield* cells;
  const known = new Map(committed.map((file) => [file.path, file.oid]));
  for (let at = 0; at < uncommitted.length; at += OPEN_AT_ONCE) {
    const paths = uncommitted.slice(at, at + OPEN_AT_ONCE);
    const opened = await Promise.all(paths.map((path) => openWorkFile(checkout, path)));
    // The checkout's copy of a committed file goes when the committed one does.
    for (const file of opened) {
      if (file === undefined || known.get(file.path) === file.oid) continue;
      if (known.has(file.path) || !here.has(file.path)) yield file;
    }
  }
}
