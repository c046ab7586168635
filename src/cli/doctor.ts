import type { Workspace } from '../ledger/workspace.ts';
import type { Check } from '../runner/doctor/check.ts';
import type { CommandDefinition, Io } from './command.ts';
import { lookAtWorkspace, print } from './with-workspace.ts';

export const doctor: CommandDefinition = {
  name: 'doctor',
  summary: 'check git, identity, remote, rights and clock; with --github what a token may do',
  description:
    'Looks at everything that a pass relies on, and says what helps. With --github it looks at GitHub instead: the token, which right each feature takes and whether it is there, protected branches, schedules, and how many requests are left. Rights are found out by questions that cannot succeed. Changes nothing.',
  options: [{ flags: '--github', text: 'what the token may do on GitHub, feature by feature' }],
  examples: ['millwright doctor', 'millwright doctor --github', 'millwright doctor --json'],
  exits: ['10 no workspace here'],
  run: async ({ folder, options }, io) =>
    lookAtWorkspace(folder, io, async ({ workspace }) => {
      const checks = options.github === true ? await onGithub(workspace, io) : await here(workspace);
      print(io, checks, describe);
      return checks.some(({ verdict }) => verdict === 'failed') ? 1 : 0;
    }),
};

async function onGithub(workspace: Workspace, { env }: Io): Promise<Check[]> {
  const { examineGithub } = await import('../runner/doctor/examine-github.ts');
  return examineGithub(workspace, env);
}

async function here(workspace: Workspace): Promise<Check[]> {
  const { examine } = await import('../runner/examine.ts');
  return examine(workspace);
}

function describe(checks: readonly Check[]): string {
  return checks
    .map(
      ({ name, verdict, detail, hint }) =>
        `${verdict.padEnd(8)} ${name}: ${detail}${hint === undefined ? '' : `\n         hint: ${hint}`}`,
    )
    .join('\n');
}
