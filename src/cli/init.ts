import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { hasCode } from '../contracts/millwright-error.ts';
import { gitText } from '../git/program.ts';
import { type InitOptions, type InitReport, initWorkspace } from '../ledger/init-workspace.ts';
import type { CommandDefinition, Io } from './command.ts';
import { describeInit } from './init/describe-init.ts';
import { print } from './with-workspace.ts';

export const init: CommandDefinition = {
  name: 'init',
  summary: 'lay a workspace into a git repository',
  description:
    'Adds millwright.yaml, a roster of personas and the folders of the queue and the history, as one commit on the branch that is checked out. Files that are there stay as they are. With --github it also lays the workflows that turn the loop on GitHub Actions, and says what is left to a person; run again, it brings those up to date that nobody has edited, and shows the difference of the others. A folder outside any repository becomes one. Nothing is pushed.',
  args: [{ name: '[folder]', text: 'where; default: here' }],
  options: [
    { flags: '--github', text: 'workflows for GitHub Actions as well' },
    { flags: '--dry-run', text: 'say what would be done, and do nothing' },
  ],
  examples: ['millwright init', 'millwright init ../other-repository', 'millwright init --github --dry-run'],
  run: async ({ args, folder, options }, io) => {
    const root = args[0] === undefined ? folder : resolve(io.cwd, args[0]);
    const wanted = { github: options.github === true, dryRun: options.dryRun === true };
    print(io, await initAnywhere(root, io, wanted), describeInit);
    return 0;
  },
};

export async function initAnywhere(root: string, io: Io, options: InitOptions = {}): Promise<InitReport> {
  try {
    return await initWorkspace(root, options);
  } catch (error) {
    if (!hasCode(error, 'no-repository') || options.dryRun === true) throw error;
    await mkdir(root, { recursive: true });
    await gitText(['init', '--quiet', '--initial-branch=main'], { cwd: root });
    io.err(`created a git repository in ${root}\n`);
    return initWorkspace(root, options);
  }
}
