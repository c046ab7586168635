import type { Contract } from '../../contracts/record.ts';
import type { Settings } from '../../contracts/settings.ts';
import { type Replay, type WorkSlot, workItem, workSlot } from '../../contracts/work.ts';
import type { Edit } from '../../git/edit.ts';
import { itemEventOf, putItem, putSlot } from '../../queue/enqueue.ts';
import type { PatchEntry } from '../feedback-state.ts';
import type { ArchivedTask } from './archived-task.ts';
import type { PlannedStage } from './plan-stage.ts';
import { replayItemId } from './replay-item-id.ts';

/** Work that somebody waits for goes first. */
const PRIORITY = -1;
/** A fault of the infrastructure may happen twice; a third try of a replay is not worth its price. */
const MOST_ATTEMPTS = 2;

/** A task of a stage, with the commit that it starts from where that is known. */
export type PlacedTask = ArchivedTask & { readonly startAt: string | undefined };

/** The files of the item that holds the replays of one stage, and the record that says that it was queued. Pure. */
export function replayWork(
  patch: PatchEntry,
  stage: PlannedStage,
  tasks: readonly PlacedTask[],
  settings: Settings['work'],
  { at, personaFile }: { at: Date; personaFile: string | undefined },
): { itemId: string; edits: Edit[]; contracts: Contract[] } {
  const itemId = replayItemId(patch.id, stage.stage);
  const shared = {
    item_id: itemId,
    kind: 'patch',
    recipe: 'replay',
    priority: PRIORITY,
    created_at: at.toISOString(),
  };
  const { lease_seconds, max_attempts } = settings;
  const common = { ...shared, lease_seconds, max_attempts: Math.min(max_attempts, MOST_ATTEMPTS) };
  const slots = tasks.flatMap((task, number) => slotsOf(patch, stage, task, number + 1, common, personaFile));
  const item = workItem.parse({
    ...shared,
    title: `${stage.stage} test of ${patch.persona_id} ${patch.to_version}: ${slots.length} replays`,
    slots: slots.map(({ slot_id: id }) => id),
  });
  const queued = itemEventOf(item, { event: 'queued', at: item.created_at, slots: item.slots });
  return { itemId, edits: [putItem(item), ...slots.map(putSlot)], contracts: [queued] };
}

type Common = Pick<
  WorkSlot,
  'item_id' | 'kind' | 'recipe' | 'priority' | 'created_at' | 'lease_seconds' | 'max_attempts'
>;

function slotsOf(
  patch: PatchEntry,
  { stage, arms, attempts, expected }: PlannedStage,
  task: PlacedTask,
  number: number,
  common: Common,
  personaFile: string | undefined,
): WorkSlot[] {
  const { taskId, domain, prompt, variables, smoke, model, startAt } = task;
  const tries = arms.flatMap((arm) =>
    Array.from({ length: attempts }, (_, at) => ({ arm, attempt: at + 1 })),
  );
  return tries.map(({ arm, attempt }) => {
    const slotId = `${common.item_id}-${number}-${arm}-${attempt}`;
    const deltas = arm === 'new' ? patch.deltas : [];
    const replay: Replay = { patch_id: patch.id, task_id: taskId, stage, arm, attempt, deltas };
    return workSlot.parse({
      ...common,
      slot_id: slotId,
      prompt,
      persona: patch.persona_id,
      label: `${stage} ${arm}`,
      branch: `millwright-replay/${slotId}`,
      variables,
      smoke,
      model,
      domain: domain ?? undefined,
      replay: { ...replay, start_at: startAt, persona_file: personaFile, expected_usd: expected[arm] },
    });
  });
}
