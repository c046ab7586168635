import { join } from 'node:path';
import { MillwrightError } from '../contracts/millwright-error.ts';
import type { CommandDefinition, CommandInput, Io } from './command.ts';
import { lookAtWorkspace } from './with-workspace.ts';

export const sql: CommandDefinition = {
  name: 'sql',
  summary: 'ask the history in a shell, with completion',
  description:
    'A shell for SQL over the history, read-only. On a terminal it completes names and words, keeps what was typed for the next time in .millwright/sql_history, and shows at most 200 rows of an answer. Ctrl-C gives up a line or a statement, Ctrl-D leaves. When the input is no terminal it carries out the statements that it reads, and ends at the first error.',
  examples: ['millwright sql', 'millwright sql < questions.sql'],
  exits: ['10 no workspace here', '130 interrupted'],
  run,
};

async function run({ folder }: CommandInput, io: Io): Promise<number> {
  if (io.json)
    throw new MillwrightError('usage', 'a shell has no --json', {
      hint: 'millwright query "SELECT ..." --json answers one question',
    });
  const { runShell } = await import('./sql-shell/run-shell.ts');
  const { workspaceSession } = await import('./sql-shell/workspace-session.ts');
  return lookAtWorkspace(folder, io, async (context) => {
    const session = workspaceSession(context, io);
    const { clock, cache } = context.workspace;
    try {
      const historyFile = join(cache, 'sql_history');
      return await runShell(session, terminalOf(io), { clock, historyFile, signal: io.signal });
    } finally {
      session.close();
    }
  });
}

function terminalOf(io: Io) {
  const { stdin, stdout, stderr } = process;
  return {
    input: stdin,
    output: stdout,
    errors: stderr,
    interactive: stdin.isTTY === true && io.terminal,
    color: io.color,
    // Some terminals do not know their size and say 0.
    width: () => (io.terminal && stdout.columns > 0 ? stdout.columns : undefined),
  };
}
