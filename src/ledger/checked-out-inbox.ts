import type { Oid } from '../git/repository.ts';
import { Snapshot } from '../git/snapshot.ts';
import { INBOX } from './paths.ts';
import type { Workspace } from './workspace.ts';

/**
 * What the checked-out commit holds in the inbox, by path. Such a file comes in when its commit reaches the
 * ledger branch. Until then it stays: without it the checkout would not be clean, and a person could not pull.
 */
export async function checkedOutInbox({ repository, store }: Workspace): Promise<ReadonlyMap<string, Oid>> {
  const head = repository.bare ? undefined : await store.read('HEAD^{tree}');
  const files = new Map<string, Oid>();
  if (head === undefined) return files;
  for await (const { path, entry } of new Snapshot(store, head.oid).walk(INBOX)) files.set(path, entry.oid);
  return files;
}
