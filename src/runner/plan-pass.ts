import type { Controller, PassContext } from '../ledger/controller.ts';
import { steadyWorkspace } from './steady-workspace.ts';

export interface PlannedStep {
  readonly controller: string;
  readonly summary: string;
  readonly changes: boolean;
}

/** What a pass would do first, by the same planners, with nothing applied. What follows from it shows in the next plan. */
export async function planPass(
  { workspace, ...others }: PassContext,
  controllers: readonly Controller[],
): Promise<PlannedStep[]> {
  const context = { ...others, workspace: steadyWorkspace(workspace).workspace, detailed: true };
  const steps: PlannedStep[] = [];
  for (const controller of controllers) {
    const planned = await controller.plan(context);
    steps.push(...planned.map(({ summary, changes }) => ({ controller: controller.name, summary, changes })));
  }
  return steps;
}
