import { kebab } from '../contracts/fields.ts';
import type { PassContext } from '../ledger/controller.ts';
import type { CommandDefinition } from './command.ts';
import { lookAtWorkspace, print, withWorkspace } from './with-workspace.ts';

export const upgrade: CommandDefinition = {
  name: 'upgrade',
  summary: 'turn recommendations into persona patches',
  description:
    'Makes one patch a persona out of its pending recommendations: at most three deltas on one component. Code applies them to the YAML; comments and formatting stay. Then opens the proposals.',
  options: [
    { flags: '--persona <id>', text: 'only this persona' },
    { flags: '--dry-run', text: 'say what would be patched, and why others are not' },
  ],
  examples: ['millwright upgrade --dry-run', 'millwright upgrade --persona solver'],
  exits: ['10 no workspace here'],
  run: async ({ folder, options }, io) => {
    const openFor = options.dryRun === true ? lookAtWorkspace : withWorkspace;
    return openFor(folder, io, async (context) => {
      const { planUpgrades } = await import('../feedback/upgrade-controller.ts');
      const { proposalController } = await import('../feedback/proposal-controller.ts');
      const { planPatches } = await import('../feedback/plan-patch.ts');
      const { readFeedbackState } = await import('../feedback/feedback-state.ts');
      const only = typeof options.persona === 'string' ? options.persona : undefined;
      if (only !== undefined) await checkPersona(context, only);
      const { readSignals } = await import('../feedback/signals/read-signals.ts');
      const { consumed } = await readSignals(context.workspace);
      const { none } = planPatches(await readFeedbackState(context.workspace), only, consumed);
      const steps = await planUpgrades(context, only);
      const proposals: unknown[] = [];
      if (options.dryRun !== true) {
        for (const step of steps) await step.apply();
        for (const step of await proposalController.plan(context))
          proposals.push((await step.apply()).proposal);
      }
      const value = { patches: steps.map(({ summary }) => summary), none, proposals };
      print(io, value, () => describe(value, options.dryRun === true));
      return 0;
    });
  },
};

/** A misspelt persona has nothing to upgrade, which is not what was asked. */
async function checkPersona({ workspace }: PassContext, id: string): Promise<void> {
  const { personaPath } = await import('../ledger/paths.ts');
  const { unknownPersona } = await import('../personas/unknown-persona.ts');
  const { snapshot } = await workspace.base.tip();
  const named = kebab.safeParse(id).success && (await snapshot.entry(personaPath(id))) !== undefined;
  if (!named) throw await unknownPersona(snapshot, id);
}

function describe(
  value: { patches: string[]; none: readonly { persona: string; reason: string }[] },
  dryRun: boolean,
): string {
  const lines = [
    ...value.patches.map((summary) => `${dryRun ? 'would ' : ''}${summary}`),
    ...value.none.map(({ persona, reason }) => `no patch for ${persona}: ${reason}`),
  ];
  return lines.length === 0 ? 'nothing to upgrade' : lines.join('\n');
}
