import { hasCode } from '../../contracts/millwright-error.ts';
import type { Oid } from '../../git/repository.ts';
import { Snapshot } from '../../git/snapshot.ts';
import { personaPath } from '../../ledger/paths.ts';
import type { Workspace } from '../../ledger/workspace.ts';
import { type PersonaFile, readPersona } from '../../personas/read-persona.ts';
import type { MergedPatch } from './merged-patches.ts';

/** The persona as the merge made it, and as it was right before. */
export type MergedVersions =
  | { readonly result: 'known'; readonly control: PersonaFile; readonly treatment: PersonaFile }
  /** This clone does not hold the commits; another may. */
  | { readonly result: 'missing'; readonly treatment: PersonaFile | undefined; readonly reason: string }
  /** There are no two versions that could be told apart, here or anywhere. */
  | { readonly result: 'none'; readonly treatment: PersonaFile | undefined; readonly reason: string };

/** Commits never change: what was read once is known for good. What is missing may still arrive. */
const known = new WeakMap<Workspace, Map<string, MergedVersions>>();

/** Control is the version of the commit's first parent, so that merges, squashes and rebases all read the same. */
export async function mergedVersions(workspace: Workspace, merged: MergedPatch): Promise<MergedVersions> {
  const remembered = known.get(workspace) ?? new Map<string, MergedVersions>();
  known.set(workspace, remembered);
  const key = `${merged.commit} ${merged.patch.persona_id}`;
  const found = remembered.get(key) ?? (await readVersions(workspace, merged));
  if (found.result !== 'missing') remembered.set(key, found);
  return found;
}

async function readVersions(workspace: Workspace, { patch, commit }: MergedPatch): Promise<MergedVersions> {
  const path = personaPath(patch.persona_id);
  const after = await personaAt(workspace, commit, path);
  if (after.result === 'missing') return { result: 'missing', treatment: undefined, reason: cut };
  const treatment = after.file;
  if (treatment === undefined)
    return { result: 'none', treatment, reason: `${path} cannot be read as the merge made it` };
  const parent = await firstParent(workspace, commit);
  if (parent === undefined)
    return { result: 'none', treatment, reason: 'there was nothing before the merge' };
  const before = await personaAt(workspace, parent, path);
  if (before.result === 'missing') return { result: 'missing', treatment, reason: cut };
  const control = before.file;
  if (control === undefined)
    return { result: 'none', treatment, reason: `${path} cannot be read as it was before the merge` };
  if (control.persona.version !== treatment.persona.version) return { result: 'known', control, treatment };
  const reason = `the merge left the version at ${treatment.persona.version}, so runs before and after cannot be told apart`;
  return { result: 'none', treatment, reason };
}

const cut = 'this clone does not hold the commit of the merge and the one before it; a full clone does';

type PersonaAt = { readonly result: 'missing' } | { readonly result: 'read'; readonly file?: PersonaFile };

/** `missing` when objects are not here: a shallow clone ends somewhere. */
async function personaAt(workspace: Workspace, commit: Oid, path: string): Promise<PersonaAt> {
  try {
    const snapshot = new Snapshot(workspace.store, await workspace.store.treeOf(commit));
    const text = await snapshot.text(path);
    const read = text === undefined ? undefined : readPersona(path, text);
    return read?.ok ? { result: 'read', file: read.file } : { result: 'read' };
  } catch (error) {
    if (hasCode(error, 'object-missing')) return { result: 'missing' };
    throw error;
  }
}

/** As the commit says it, also where a shallow clone pretends that there is none. */
async function firstParent({ store }: Workspace, commit: Oid): Promise<Oid | undefined> {
  const [head = ''] = (await store.existing(commit)).body.toString('latin1').split('\n\n');
  return /^parent ([0-9a-f]{40})$/m.exec(head)?.[1];
}
