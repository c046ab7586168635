import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { hasCode } from '../contracts/millwright-error.ts';
import { gitText } from '../git/program.ts';
import { type InitReport, initWorkspace } from '../ledger/init-workspace.ts';
import type { CommandDefinition, Io } from './command.ts';
import { print } from './with-workspace.ts';

export const init: CommandDefinition = {
  name: 'init',
  summary: 'lay a workspace into a git repository',
  description:
    'Adds millwright.yaml, a roster of personas and the folders of the queue and the history, as one commit on the branch that is checked out. Files that are there stay as they are. A folder outside any repository becomes one. Nothing is pushed.',
  args: [{ name: '[folder]', text: 'where; default: here' }],
  examples: ['millwright init', 'millwright init ../other-repository'],
  run: async ({ args, folder }, io) => {
    const root = args[0] === undefined ? folder : resolve(io.cwd, args[0]);
    print(io, await initAnywhere(root, io), describe);
    return 0;
  },
};

export async function initAnywhere(root: string, io: Io): Promise<InitReport> {
  try {
    return await initWorkspace(root);
  } catch (error) {
    if (!hasCode(error, 'no-repository')) throw error;
    await mkdir(root, { recursive: true });
    await gitText(['init', '--quiet', '--initial-branch=main'], { cwd: root });
    io.err(`created a git repository in ${root}\n`);
    return initWorkspace(root);
  }
}

function describe(report: InitReport): string {
  const lines = [
    report.commit === null
      ? `${report.root} is a workspace already; nothing was missing`
      : `laid out a workspace in ${report.root}: ${report.created.length} files, one commit on ${report.branch}`,
    report.kept.length > 0 && report.commit !== null ? `kept ${report.kept.length} files as they were` : '',
    ...report.leftAlone.map(({ path, reason }) => `left ${path} alone: ${reason}`),
    report.commit === null ? '' : 'hint: millwright drop FILE, then millwright run --once',
  ];
  return lines.filter((line) => line !== '').join('\n');
}
