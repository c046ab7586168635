import { faultPoint } from '../../contracts/fault-point.ts';
import type { PassContext } from '../../ledger/controller.ts';
import { recordAll } from '../../ledger/record-all.ts';
import { itemPath } from '../../queue/paths.ts';
import type { PatchEntry } from '../feedback-state.ts';
import type { PlannedStage } from './plan-stage.ts';
import { readStages } from './read-stages.ts';
import { readTests } from './read-tests.ts';
import { replayItemId } from './replay-item-id.ts';
import { type PlacedTask, replayWork } from './replay-work.ts';
import { startCommit } from './start-commit.ts';

/**
 * Puts the replays of a stage into the queue. Where another runner was first, or the stage has been and gone,
 * nothing is done.
 * @param personaFile the git object of the persona's file that the test was planned with
 * @returns whether anything has changed
 */
export async function beginStage(
  { workspace, index }: PassContext,
  patch: PatchEntry,
  stage: PlannedStage,
  personaFile: string | undefined,
): Promise<boolean> {
  const { commit: base } = await workspace.base.tip();
  const tasks: PlacedTask[] = [];
  // One git process after the other: there may be hundreds of tasks.
  for (const task of stage.tasks)
    tasks.push({ ...task, startAt: await startCommit(workspace.root, task.commit, base ?? '') });
  const marks = { at: workspace.clock.now(), personaFile };
  const work = replayWork(patch, stage, tasks, workspace.settings.work, marks);
  const subject = `Queue the ${stage.stage} test of ${patch.persona_id} ${patch.to_version}`;
  const done = await recordAll(workspace, index, { subject }, async (snapshot) => {
    const id = replayItemId(patch.id, stage.stage);
    const live = (await snapshot.entry(itemPath(id))) !== undefined;
    const past = live ? {} : await readStages(snapshot, patch, []);
    const begun = live || past[stage.stage] !== undefined || (await readTests(snapshot)).has(patch.id);
    return begun ? { contracts: [] } : work;
  });
  await faultPoint('gate:begun');
  return done.commit !== null;
}
