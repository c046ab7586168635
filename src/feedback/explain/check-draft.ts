import { oneLine, showText } from '../../contracts/issue.ts';
import { findSecretIn } from '../../contracts/secret-places.ts';
import type { PersonaFile } from '../../personas/read-persona.ts';
import type { RecommendationEntry } from '../feedback-state.ts';
import type { SignalEntry } from '../signals/read-signals.ts';
import { tryPatch } from '../try-patch.ts';
import { bulletErrors } from './bullet-errors.ts';
import { cleanLine } from './clean-line.ts';
import type { DraftAnswer } from './draft-answer.ts';
import type { ShownRecord } from './shown-record.ts';
import { type Draft, toDraft } from './to-draft.ts';

/** What a draft is held against. */
export interface DraftGround {
  readonly finding: RecommendationEntry;
  /** As it is now; undefined when it is not on the roster or cannot be read. */
  readonly persona: PersonaFile | undefined;
  readonly records: readonly ShownRecord[];
  readonly signals: readonly SignalEntry[];
}

export type CheckedDraft =
  | { readonly ok: true; readonly draft: Draft }
  /** For the model: each says where, what was expected and what was found. */
  | { readonly ok: false; readonly errors: readonly string[] };

/** Holds an answer against what the model was shown and what the persona is. Pure. */
export function checkDraft(answer: DraftAnswer, ground: DraftGround): CheckedDraft {
  const draft = toDraft(answer, ground.records);
  const errors = [
    ...secretErrors(answer),
    ...personaErrors(answer, ground),
    ...recordErrors(answer, ground),
    ...signalErrors(answer, ground),
    ...answer.bullets.flatMap((change, at) => bulletErrors(change, `bullets.${at}`, answer, ground.persona)),
  ];
  // What cannot be applied is only worth saying of changes that are right in themselves.
  const all = errors.length > 0 ? errors : patchErrors(draft, ground);
  return all.length === 0 ? { ok: true, draft } : { ok: false, errors: all };
}

function secretErrors(answer: DraftAnswer): string[] {
  const secret = findSecretIn(answer);
  if (secret === undefined) return [];
  return [`${secret.path.join('.')}: it holds what looks like ${secret.label}; leave it out`];
}

function personaErrors(
  { persona_id: said, bullets }: DraftAnswer,
  { finding, persona }: DraftGround,
): string[] {
  const wanted = finding.target_persona ?? null;
  if (said !== wanted && !(said === null && bullets.length === 0))
    return [`persona_id: expected ${JSON.stringify(wanted)}, found ${showText(JSON.stringify(said))}`];
  if (bullets.length > 0 && persona === undefined)
    return ['bullets: expected none, because there is no such persona whose playbook could change'];
  return [];
}

function recordErrors({ causes, bullets }: DraftAnswer, { records }: DraftGround): string[] {
  const shown = new Set(records.map(({ id }) => id));
  const unknown = (ids: readonly string[], place: string) =>
    ids
      .filter((id) => !shown.has(id))
      .map((id) => `${place}.record_ids: expected ids of records that were shown, found ${showText(id)}`);
  return [
    ...causes.flatMap(({ record_ids: ids }, at) => unknown(ids, `causes.${at}`)),
    ...bullets.flatMap(({ record_ids: ids }, at) => unknown(ids, `bullets.${at}`)),
    ...causes.flatMap(({ statement }, at) =>
      cleanLine(statement) === '' ? [`causes.${at}.statement: expected words`] : [],
    ),
    ...(bullets.length > 0 && causes.length === 0
      ? ['causes: expected the cause that the bullets are against, found none']
      : []),
  ];
}

function signalErrors({ signals: answers }: DraftAnswer, { signals }: DraftGround): string[] {
  const shown = new Set(signals.map(({ id }) => id));
  return answers.flatMap(({ signal_id: id }, at) =>
    shown.has(id) ? [] : [`signals.${at}.signal_id: expected a signal that was shown, found ${showText(id)}`],
  );
}

/** As the upgrader will try it: it has to apply, keep the schema and pass the guard against collapse. */
function patchErrors({ deltas }: Draft, { finding, persona }: DraftGround): string[] {
  if (persona === undefined || deltas.length === 0) return [];
  const { rationale: _long, ...short } = finding;
  const tried = tryPatch(persona, [{ ...short, evidence: [], suggested_change: { deltas: [...deltas] } }]);
  return 'problem' in tried ? [`bullets: ${showProblem(tried.problem)}`] : [];
}

function showProblem(problem: string): string {
  return oneLine(problem).slice(0, 1_000);
}
