import type { Check } from '../runner/examine.ts';
import type { CommandDefinition } from './command.ts';
import { lookAtWorkspace, print } from './with-workspace.ts';

export const doctor: CommandDefinition = {
  name: 'doctor',
  summary: 'check git, identity, remote, rights and clock',
  description: 'Looks at everything that a pass relies on, and says what helps. Changes nothing.',
  examples: ['millwright doctor', 'millwright doctor --json'],
  exits: ['10 no workspace here'],
  run: async ({ folder }, io) =>
    lookAtWorkspace(folder, io, async ({ workspace }) => {
      const { examine } = await import('../runner/examine.ts');
      const checks = await examine(workspace);
      print(io, checks, describe);
      return checks.some(({ verdict }) => verdict === 'failed') ? 1 : 0;
    }),
};

function describe(checks: readonly Check[]): string {
  return checks
    .map(
      ({ name, verdict, detail, hint }) =>
        `${verdict.padEnd(8)} ${name}: ${detail}${hint === undefined ? '' : `\n         hint: ${hint}`}`,
    )
    .join('\n');
}
