import type { PassContext } from '../../ledger/controller.ts';
import { PERSONAS } from '../../ledger/paths.ts';
import { type PersonaFile, readRoster } from '../../personas/read-persona.ts';
import type { RecommendationEntry } from '../feedback-state.ts';

/** The persona that a finding is about, as the base branch has it now; undefined when it cannot be read. */
export async function findingPersona(
  { workspace }: PassContext,
  { target_persona: id }: RecommendationEntry,
): Promise<PersonaFile | undefined> {
  if (id === undefined) return undefined;
  const [read] = await readRoster((await workspace.base.tip()).snapshot, PERSONAS, new Set([id]));
  return read?.ok ? read.file : undefined;
}
