import type { Persona } from '../../contracts/persona.ts';
import type { WorkSlot } from '../../contracts/work.ts';
import { basePersona } from '../../feedback/effects/base-persona.ts';
import { personaForRun } from '../../feedback/effects/persona-for-run.ts';
import type { Workspace } from '../../ledger/workspace.ts';
import { applyDeltas, routeOf } from '../../personas/apply-deltas.ts';
import { renderPersona } from '../../personas/render-persona.ts';
import type { Held } from '../../queue/held.ts';
import type { Assignment } from './assignment.ts';

/** What the agent is given, and what the outcome will say of who it was. */
export interface Assigned {
  readonly assignment: Assignment;
  /** Of the persona that the agent really works under. */
  readonly personaVersion: string;
  /** The model that the slot or the route of the persona names. */
  readonly model: string;
}

/**
 * Joins a slot with its persona as it is on the base branch now, or as it was before a merge that is being measured.
 * Throws `bad-persona`, `unknown-persona`, and `delta-does-not-apply` for a replay whose patch no longer fits.
 */
export async function assignSlot(workspace: Workspace, { slot, claim }: Held): Promise<Assigned> {
  const persona = await personaOf(workspace, slot);
  const model = slot.model ?? routeOf(persona, slot.domain ?? null);
  const { time_limit_minutes: minutes, output_limit_bytes: outputLimitBytes } = workspace.settings.work;
  const assignment = {
    slotId: slot.slot_id,
    token: claim.token,
    branch: slot.branch,
    promptName: slot.prompt,
    variables: { ...slot.variables, ...personaVariables(persona), branch: slot.branch, model },
    persona: renderPersona(persona),
    env: {
      MILLWRIGHT_ITEM_ID: slot.item_id,
      MILLWRIGHT_WORKER_ID: claim.worker_id,
      MILLWRIGHT_PERSONA: persona.id,
      MILLWRIGHT_MODEL: model,
    },
    ...(slot.smoke === undefined ? {} : { smoke: slot.smoke }),
    timeLimitMs: minutes * 60_000,
    outputLimitBytes,
    subject: `${slot.label ?? slot.kind} for ${slot.kind} ${slot.item_id}`,
  };
  return { assignment, personaVersion: persona.version, model };
}

/** All attempts of a slot are one run. A replay says itself which side it is on. */
async function personaOf(
  workspace: Workspace,
  { slot_id: slotId, persona: id, replay }: WorkSlot,
): Promise<Persona> {
  if (replay === undefined) return (await personaForRun(workspace, id, slotId)).file.persona;
  const base = await basePersona((await workspace.base.tip()).snapshot, id);
  // Applying nothing would still move the version.
  return (replay.deltas.length === 0 ? base : applyDeltas(base, replay.deltas)).persona;
}

function personaVariables({ name, role, identity, playbook }: Persona): Record<string, unknown> {
  return {
    persona_name: name,
    persona_role: role,
    persona_mission: identity.mission,
    playbook: playbook.map(({ text }) => text),
  };
}
