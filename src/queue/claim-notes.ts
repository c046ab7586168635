import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Workspace } from '../ledger/workspace.ts';
import type { Held } from './held.ts';

const claimNote = z.object({ worker_id: z.string(), token: z.int(), nonce: z.string() });
/** What a command that claims leaves for the command that completes: which claim is its own. */
export type ClaimNote = z.infer<typeof claimNote>;

/**
 * Kept in this checkout only. Who holds a slot is told by the claim's nonce, never by an address or a host name
 * that several workers share.
 */
export async function writeClaimNote(workspace: Workspace, { slot, claim }: Held): Promise<void> {
  const path = notePath(workspace, slot.slot_id);
  const { worker_id, token, nonce } = claim;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.tmp`, `${JSON.stringify({ worker_id, token, nonce })}\n`, { mode: 0o600 });
  await rename(`${path}.tmp`, path);
}

/** A note that is not there, or cannot be read, is none: then the worker's id has to be given. */
export async function readClaimNote(workspace: Workspace, slotId: string): Promise<ClaimNote | undefined> {
  const text = await readFile(notePath(workspace, slotId), 'utf8').catch(() => '');
  try {
    return claimNote.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

export async function removeClaimNote(workspace: Workspace, slotId: string): Promise<void> {
  await rm(notePath(workspace, slotId), { force: true });
}

function notePath({ cache }: Workspace, slotId: string): string {
  return join(cache, 'claims', `${slotId}.json`);
}
