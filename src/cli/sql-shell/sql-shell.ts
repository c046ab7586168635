import type { Clock } from '../../contracts/clock.ts';
import { closest } from '../../contracts/closest.ts';
import { MillwrightError } from '../../contracts/millwright-error.ts';
import { maskSecrets } from '../../contracts/secrets.ts';
import { streamSink } from '../answers/stream-sink.ts';
import { tableLayout } from '../answers/table-layout.ts';
import { visibleText } from '../answers/visible-text.ts';
import { writeAnswer } from '../answers/write-answer.ts';
import { type MetaCommand, metaCommand, metaCommands, type ShellFormat } from './meta-command.ts';
import type { SqlName, SqlSession } from './session.ts';
import type { ShellTerminal } from './shell-terminal.ts';
import type { ShellInput } from './statement-reader.ts';

/** `stopped`: the signal ended it. */
export type ShellOutcome = 'done' | 'failed' | 'stopped' | 'quit';

const SHOWN_ROWS = 200;

/** Carries out what was typed, one input at a time, and remembers what the person has set. */
export class SqlShell {
  readonly #session: SqlSession;
  readonly #terminal: ShellTerminal;
  readonly #clock: Clock;
  #format: ShellFormat = 'table';
  #limit: number;
  #timer = false;
  #names: Promise<readonly SqlName[]> | undefined;

  constructor(session: SqlSession, terminal: ShellTerminal, clock: Clock) {
    this.#session = session;
    this.#terminal = terminal;
    this.#clock = clock;
    this.#limit = terminal.interactive ? SHOWN_ROWS : 0;
  }

  /** Errors are printed, with the line of a script; what it returns says whether to go on. */
  async carryOut(input: ShellInput, signal: AbortSignal): Promise<ShellOutcome> {
    try {
      if (input.kind === 'statement') await this.#runStatement(input.text, signal);
      else return await this.#runMeta(metaCommand(input.text));
      return 'done';
    } catch (error) {
      if (signal.aborted) return 'stopped';
      this.#printError(error, input.line);
      return 'failed';
    }
  }

  /** Tables and views for completion; none when they cannot be had. */
  async names(): Promise<readonly SqlName[]> {
    try {
      return await this.#known();
    } catch {
      return [];
    }
  }

  async #runStatement(sql: string, signal: AbortSignal): Promise<void> {
    const began = this.#clock.monotonicMs();
    const result = await this.#session.run(sql, signal);
    const { color } = this.#terminal;
    await writeAnswer(
      result,
      {
        format: this.#format,
        limit: this.#limit,
        width: this.#terminal.width(),
        color,
        signal,
        limitHint: '.limit 0 shows all',
      },
      streamSink(this.#terminal.output),
    );
    if (this.#timer) this.#say(`${((this.#clock.monotonicMs() - began) / 1_000).toFixed(3)} s`);
  }

  async #runMeta(command: MetaCommand): Promise<ShellOutcome> {
    switch (command.kind) {
      case 'quit':
        return 'quit';
      case 'wrong':
        throw new MillwrightError('usage', command.message, { hint: command.hint });
      case 'help':
        this.#print(['command', 'takes', ''], metaCommands);
        break;
      case 'tables':
        this.#print(
          ['name', 'what it holds'],
          (await this.#known()).map(({ name, summary }) => [name, summary]),
        );
        break;
      case 'describe':
        await this.#describe(command.name);
        break;
      case 'at':
        await this.#session.at(command.when);
        this.#names = undefined;
        this.#say(command.when === undefined ? 'the history as it is' : `the history as of ${command.when}`);
        break;
      default:
        this.#set(command);
    }
    return 'done';
  }

  /** Asked for once, until the time changes. */
  async #known(): Promise<readonly SqlName[]> {
    this.#names ??= this.#session.names();
    try {
      return await this.#names;
    } catch (error) {
      this.#names = undefined;
      throw error;
    }
  }

  async #describe(name: string): Promise<void> {
    const known = await this.#known();
    const found = known.find((each) => each.name.toLowerCase() === name.toLowerCase());
    if (found === undefined) {
      const meant = closest(
        name,
        known.map((each) => each.name),
      );
      const hint = meant === undefined ? '.tables lists them' : `did you mean ${meant}?`;
      throw new MillwrightError('usage', `there is no table or view ${JSON.stringify(name)}`, { hint });
    }
    this.#print(
      ['column', 'type', 'text'],
      found.columns.map(({ name: column, type, text }) => [column, type, text]),
    );
  }

  #set(command: Extract<MetaCommand, { kind: 'format' | 'limit' | 'timer' }>): void {
    if (command.kind === 'format') this.#format = command.format;
    else if (command.kind === 'limit') this.#limit = command.limit;
    else this.#timer = command.on;
  }

  #print(names: readonly string[], rows: readonly (readonly string[])[]): void {
    const { color } = this.#terminal;
    const columns = names.map((name) => ({ name, numeric: false }));
    const layout = tableLayout(columns, rows, { width: this.#terminal.width(), color });
    this.#terminal.output.write(layout.header + rows.map(layout.row).join(''));
  }

  /** Words beside the data: a script's output holds none of them. */
  #say(text: string): void {
    const { interactive, output, errors } = this.#terminal;
    (interactive ? output : errors).write(`${visibleText(text)}\n`);
  }

  #printError(error: unknown, line: number): void {
    const { interactive, color, errors } = this.#terminal;
    const message = error instanceof Error ? error.message : String(error);
    const hint = error instanceof MillwrightError && error.hint !== undefined ? `hint: ${error.hint}\n` : '';
    const label = `error${interactive ? '' : ` in line ${line}`}:`;
    const text = `${message}\n${hint}`.split('\n').map(visibleText).join('\n');
    errors.write(maskSecrets(`${color ? `\u001b[31m${label}\u001b[39m` : label} ${text}`));
  }
}
