import type { Clock } from '../../contracts/clock.ts';
import { type HistoryFile, openHistoryFile } from './history-file.ts';
import { runInteractive } from './run-interactive.ts';
import { runScript } from './run-script.ts';
import type { SqlSession } from './session.ts';
import type { ShellTerminal } from './shell-terminal.ts';
import { SqlShell } from './sql-shell.ts';

export interface ShellOptions {
  readonly clock: Clock;
  /** Where to keep what was typed; nothing keeps nothing. */
  readonly historyFile?: string | undefined;
  /** Ends the shell, and what runs in it. */
  readonly signal: AbortSignal;
}

/**
 * The shell over a history, with a person or with a script. Leaves the session open.
 * @returns the exit code: a script that fails ends with 1, one that is interrupted with 130
 */
export async function runShell(
  session: SqlSession,
  terminal: ShellTerminal,
  { clock, historyFile, signal }: ShellOptions,
): Promise<number> {
  const shell = new SqlShell(session, terminal, clock);
  if (!terminal.interactive) return runScript(shell, terminal, signal);
  terminal.output.write('SQL over the history. End statements with a semicolon; .help lists the commands.\n');
  const history = historyFile === undefined ? undefined : await historyOrWarning(historyFile, terminal);
  await runInteractive(shell, terminal, history, signal);
  return signal.aborted ? 130 : 0;
}

async function historyOrWarning(path: string, { errors }: ShellTerminal): Promise<HistoryFile | undefined> {
  try {
    return await openHistoryFile(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    errors.write(`warning: what was typed before cannot be read, and nothing will be kept: ${reason}\n`);
    return undefined;
  }
}
