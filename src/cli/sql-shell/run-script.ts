import { linesOf } from './lines-of.ts';
import type { ShellTerminal } from './shell-terminal.ts';
import type { SqlShell } from './sql-shell.ts';
import { type ShellInput, StatementReader } from './statement-reader.ts';

/**
 * Carries out what the input says, each statement as soon as it is whole, and ends at the first error.
 * @returns 0, 1 after an error, 130 when the signal ended it
 */
export async function runScript(
  shell: SqlShell,
  terminal: ShellTerminal,
  signal: AbortSignal,
): Promise<number> {
  if (signal.aborted) return exits.stopped;
  let running: AbortController | undefined;
  const stop = () => {
    running?.abort();
    // Whoever waits for the next line would wait on.
    terminal.input.destroy();
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const input of inputsOf(terminal)) {
      running = new AbortController();
      const outcome = await shell.carryOut(input, running.signal);
      if (outcome !== 'done') return exits[outcome];
    }
    return signal.aborted ? exits.stopped : 0;
  } catch (error) {
    if (signal.aborted) return exits.stopped;
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

const exits = { failed: 1, stopped: 130, quit: 0 } as const;

async function* inputsOf({ input }: ShellTerminal): AsyncGenerator<ShellInput> {
  const reader = new StatementReader();
  for await (const line of linesOf(input)) yield* reader.take(line);
  yield* reader.end();
}
