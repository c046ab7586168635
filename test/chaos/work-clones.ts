import { rmSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type WorkSlot, workItem, workSlot } from '../../src/contracts/work.ts';
import type { Workspace } from '../../src/ledger/workspace.ts';
import { putItem, putSlot } from '../../src/queue/enqueue.ts';
import { copyWorkspace, freshWorkspace } from '../e2e/prepared-workspace.ts';
import type { GitFolder } from '../support/git-folder.ts';

/** The prompt of the slots of these tests. */
const prompt = '---\nname: sample\nsummary: A sample.\nvariables: [text]\n---\nMake {{ text }}.\n';

/** Gives a clone that knows its remote under this address. */
export type Cloner = (address: string) => Promise<GitFolder>;

/** Puts a fresh workspace into an empty remote. Returns what makes clones of it, as it is now. */
export async function publishWorkspace(remote: GitFolder, settings = ''): Promise<Cloner> {
  const first = await prepared(settings);
  await cp(join(first.dir, '.git/objects'), join(remote.dir, 'objects'), { recursive: true });
  await remote.git('update-ref', 'refs/heads/main', await first.git('rev-parse', 'main'));
  return async (address) => {
    const clone = await copyWorkspace(first);
    await clone.git('remote', 'add', 'origin', address);
    return clone;
  };
}

const workspaces = new Map<string, Promise<GitFolder>>();

/** A workspace with these settings is made once: it is cheaper to copy. */
function prepared(settings: string): Promise<GitFolder> {
  const known = workspaces.get(settings);
  if (known !== undefined) return known;
  const making = prepare(settings);
  workspaces.set(settings, making);
  return making;
}

async function prepare(settings: string): Promise<GitFolder> {
  const folder = await freshWorkspace(settings);
  process.once('exit', () => rmSync(dirname(folder.dir), { recursive: true, force: true }));
  await folder.write('prompts/sample.md', prompt);
  await folder.git('add', '-A');
  await folder.git('commit', '-q', '-m', 'A prompt');
  await folder.git('repack', '-a', '-d', '-q');
  return folder;
}

export interface Wanted {
  readonly item: string;
  readonly slots: number;
  /** Seconds. */
  readonly lease: number;
  readonly kind?: string;
  readonly maxAttempts?: number;
}

/** Puts one item with its slots on the ledger. Returns the slots' ids. */
export async function putWork(workspace: Workspace, wanted: Wanted): Promise<string[]> {
  const slots = slotsOf(wanted, workspace.clock.now().toISOString());
  const ids = slots.map(({ slot_id }) => slot_id);
  const { item_id, kind, recipe, priority, created_at } = slots[0] as WorkSlot;
  const item = workItem.parse({ item_id, kind, recipe, priority, created_at, title: item_id, slots: ids });
  const words = { subject: `Queue ${item_id}`, priority: 'intake' as const };
  await workspace.log.transact(words, async () => ({
    edits: [putItem(item), ...slots.map(putSlot)],
    value: undefined,
  }));
  return ids;
}

function slotsOf(
  { item, slots, lease, kind = 'job', maxAttempts = 1_000 }: Wanted,
  created_at: string,
): WorkSlot[] {
  return Array.from({ length: slots }, (_, at) =>
    workSlot.parse({
      slot_id: `${item}-v${at + 1}`,
      item_id: item,
      kind,
      recipe: 'sample',
      priority: 0,
      prompt: 'sample',
      persona: 'frontend',
      branch: `feat/${item}-v${at + 1}`,
      variables: { text: 'a wheel' },
      lease_seconds: lease,
      max_attempts: maxAttempts,
      created_at,
    }),
  );
}
