import { createInterface, type Interface } from 'node:readline/promises';
import { completeLine } from './complete-line.ts';
import { type HistoryFile, MOST_ENTRIES } from './history-file.ts';
import { oneLine } from './one-line.ts';
import type { ShellTerminal } from './shell-terminal.ts';
import type { SqlShell } from './sql-shell.ts';
import { StatementReader } from './statement-reader.ts';

const PROMPT = 'millwright> ';
const MORE = '        -> ';

/**
 * The shell on a terminal. Ctrl-C gives up the line, or the statement that runs, never the shell; Ctrl-D and `.quit`
 * end it, as does the signal.
 */
export async function runInteractive(
  shell: SqlShell,
  terminal: ShellTerminal,
  history: HistoryFile | undefined,
  signal: AbortSignal,
): Promise<void> {
  const editor = new LineEditor(shell, terminal, history);
  const close = () => editor.close();
  signal.addEventListener('abort', close, { once: true });
  try {
    if (!signal.aborted) await editor.run();
  } finally {
    signal.removeEventListener('abort', close);
    editor.close();
  }
}

class LineEditor {
  readonly #shell: SqlShell;
  readonly #terminal: ShellTerminal;
  readonly #history: HistoryFile | undefined;
  readonly #lines: Interface;
  readonly #reader = new StatementReader();
  /** Lines since the last whole statement. */
  #typed: string[] = [];
  /** The editor's own list, newest first. It may be changed in place. */
  #remembered: string[] = [];
  #running: AbortController | undefined;
  #closed = false;

  constructor(shell: SqlShell, terminal: ShellTerminal, history: HistoryFile | undefined) {
    this.#shell = shell;
    this.#terminal = terminal;
    this.#history = history;
    this.#lines = createInterface({
      input: terminal.input,
      output: terminal.output,
      terminal: true,
      prompt: PROMPT,
      history: [...(history?.entries ?? [])].reverse(),
      historySize: MOST_ENTRIES,
      completer: (line: string) => this.#complete(line),
    });
    this.#lines.on('history', (list: string[]) => {
      this.#remembered = list;
    });
    this.#lines.on('SIGINT', () => this.#interrupt());
    this.#lines.on('close', () => {
      this.#closed = true;
    });
  }

  async run(): Promise<void> {
    this.#lines.prompt();
    for await (const line of this.#lines) {
      if (await this.#take(line)) return;
      if (this.#closed) continue;
      this.#lines.setPrompt(this.#reader.pending === '' ? PROMPT : MORE);
      this.#lines.prompt();
    }
    // The prompt was the last thing on its line.
    this.#terminal.output.write('\n');
  }

  close(): void {
    this.#running?.abort();
    this.#lines.close();
  }

  /** True when the shell is to end. */
  async #take(line: string): Promise<boolean> {
    if (line.trim() !== '') this.#typed.push(line);
    const inputs = this.#reader.take(line);
    if (this.#reader.pending === '') await this.#remember();
    for (const input of inputs) {
      const running = new AbortController();
      this.#running = running;
      const outcome = await this.#shell.carryOut(input, running.signal);
      this.#running = undefined;
      if (outcome === 'quit') return true;
      // What stood behind it on the line was given up with it.
      if (outcome === 'stopped') break;
    }
    return false;
  }

  /** Lines become one entry once the statement is whole; the file gets it before it runs. */
  async #remember(): Promise<void> {
    const typed = this.#typed;
    this.#typed = [];
    const joined = oneLine(typed);
    if (typed.length > 1 && joined !== undefined && this.#isNewest(typed))
      this.#remembered.splice(0, typed.length, joined);
    try {
      for (const entry of joined === undefined ? typed : [joined]) await this.#history?.add(entry);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#terminal.errors.write(`warning: what is typed cannot be kept for the next time: ${reason}\n`);
    }
  }

  #isNewest(typed: readonly string[]): boolean {
    return typed.every((line, index) => this.#remembered[typed.length - 1 - index] === line);
  }

  #interrupt(): void {
    if (this.#running !== undefined) {
      this.#terminal.output.write('^C\n');
      this.#running.abort();
      return;
    }
    const empty = this.#lines.line === '' && this.#reader.pending === '';
    // To the end, then away with all before it: the line editor has no word for giving up a line.
    this.#lines.write(null, { ctrl: true, name: 'e' });
    this.#lines.write(null, { ctrl: true, name: 'u' });
    this.#reader.clear();
    this.#typed = [];
    this.#terminal.output.write(empty ? '^C (.quit or Ctrl-D leaves)\n' : '^C\n');
    this.#lines.setPrompt(PROMPT);
    this.#lines.prompt();
  }

  async #complete(line: string): Promise<[string[], string]> {
    // The rows of an answer and a question for names would get into each other's way.
    if (this.#running !== undefined) return [[], ''];
    const { candidates, word } = completeLine(this.#reader.pending, line, await this.#shell.names());
    return [[...candidates], word];
  }
}
