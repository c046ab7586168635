import type { Delta } from '../../src/contracts/delta.ts';
import type { Patch } from '../../src/contracts/patch.ts';
import type { Recommendation } from '../../src/contracts/recommendation.ts';
import type {
  EffectEntry,
  FeedbackState,
  HoldingDecision,
  PatchEntry,
  RecommendationEntry,
} from '../../src/feedback/feedback-state.ts';
import type { PersonaFile } from '../../src/personas/read-persona.ts';
import { shippedPersona } from '../personas/shipped-personas.ts';

export const solver = shippedPersona('solver');
export const backend = shippedPersona('backend');

const envelope = (id: string, kind: string) => ({
  id,
  kind,
  schema_version: 1,
  recorded_at: `2026-11-21T00:00:00.${id.replaceAll(/\D/g, '').padStart(3, '0').slice(-3)}Z`,
  source: 'test',
});

export const route = (domain: string | null, model = 'gpt-5'): Delta => ({ op: 'set_route', domain, model });

/** Ids end in a number that says when the record came in. */
export function recommended(
  id: string,
  deltas: readonly Delta[] | undefined,
  more: Partial<Recommendation> = {},
): RecommendationEntry {
  return {
    ...envelope(id, 'recommendation'),
    recommendation_type: 'routing',
    target_system: 'personas',
    target_persona: 'solver',
    priority: 'medium',
    title: `Do ${id}`,
    evidence: [{ statement: `It was seen in ${id}.`, record_ids: [] }],
    ...(deltas === undefined ? {} : { suggested_change: { deltas: [...deltas] } }),
    ...more,
  };
}

export function patched(id: string, deltas: readonly Delta[], more: Partial<Patch> = {}): PatchEntry {
  return { ...envelope(id, 'patch'), patch_id: id, ...patchFields(id, deltas), ...more };
}

/** A patch as a contract. */
export function patchFields(id: string, deltas: readonly Delta[]): Patch {
  return {
    persona_id: 'solver',
    from_version: '1.0.0',
    to_version: '1.1.0',
    component: 'routing',
    deltas: [...deltas],
    rationale: `Because of ${id}.`,
    evidence: [],
    recommendation_ids: [],
    predicted_effect: {
      metric: 'acceptance_rate',
      baseline: null,
      expected: null,
      cost_per_run_before: null,
      cost_per_run_after: null,
      runs: 0,
      measured_by: 'what happens afterwards',
    },
    schema_valid: true,
  };
}

export function decided(patchId: string, decision: 'applied' | 'rejected'): HoldingDecision {
  return {
    ...envelope(`of-${patchId}`, 'patch_decision'),
    patch_id: patchId,
    proposal_id: 'millwright/x/y',
    decision,
    decided_by: 'Ada <ada@example.org>',
    decided_at: '2026-11-21T00:00:00.000Z',
  };
}

export function stateOf(facts: {
  recommendations?: readonly RecommendationEntry[];
  patches?: readonly PatchEntry[];
  decisions?: readonly HoldingDecision[];
  effects?: readonly EffectEntry[];
  roster?: readonly PersonaFile[];
}): FeedbackState {
  return {
    recommendations: facts.recommendations ?? [],
    patches: facts.patches ?? [],
    latest: new Map((facts.decisions ?? []).map((decision) => [decision.patch_id, decision])),
    decisions: new Map((facts.decisions ?? []).map((decision) => [decision.patch_id, decision])),
    effects: new Map((facts.effects ?? []).map((effect) => [effect.patch_id, effect])),
    roster: (facts.roster ?? [solver, backend]).map((file) => ({ ok: true, file })),
    base: null,
  };
}
