import type { PlannedStep } from '../runner/plan-pass.ts';
import type { CommandDefinition, Io } from './command.ts';
import { lookAtWorkspace, print } from './with-workspace.ts';

export const plan: CommandDefinition = {
  name: 'plan',
  summary: 'say what a pass would do',
  description:
    'Runs the same planners as a pass and applies nothing. What would follow from a step shows in the plan after it.',
  examples: ['millwright plan', 'millwright plan --json'],
  exits: ['10 no workspace here'],
  run: ({ folder }, io) => runPlan(folder, io),
};

export async function runPlan(folder: string, io: Io): Promise<number> {
  return lookAtWorkspace(folder, io, async (context) => {
    const { planPass } = await import('../runner/plan-pass.ts');
    const { controllers } = await import('../runner/controllers.ts');
    print(io, { steps: await planPass(context, controllers) }, ({ steps }) => describe(steps));
    return 0;
  });
}

function describe(steps: readonly PlannedStep[]): string {
  if (steps.length === 0) return 'nothing to do';
  return steps
    .map(({ controller, summary, changes }) => `${changes ? '*' : '-'} ${controller}: ${summary}`)
    .join('\n');
}
