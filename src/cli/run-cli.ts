import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command, CommanderError } from 'commander';
import { MillwrightError } from '../contracts/millwright-error.ts';
import { maskSecrets } from '../contracts/secrets.ts';
import { annotate } from './actions/annotate.ts';
import { inertJson, inertWords } from './actions/inert-words.ts';
import type { CommandDefinition, Io } from './command.ts';
import { commands } from './commands.ts';
import { exitCodeOf } from './exit-codes.ts';
import { systemFailure } from './system-failure.ts';

export interface Outside {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly terminal: boolean;
  readonly signal: AbortSignal;
  readonly insist?: AbortSignal;
  out(text: string): void;
  err(text: string): void;
  /** For much data, or bytes; where it is not given, everything goes to `out` as text. */
  pipe?(piece: string | Uint8Array): Promise<void>;
  /** Columns of the terminal. */
  readonly width?: number;
}

/** Runs one command line and returns its exit code. Parses arguments, loads one command, reports failures. */
export async function runCli(argv: readonly string[], outside: Outside): Promise<number> {
  const io = makeIo(argv, outside);
  const result = { code: 0 };
  try {
    const program = await buildProgram(argv, io, result);
    await program.parseAsync([...argv], { from: 'user' });
    return result.code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : usageFailed(error, io);
    return failed(error, io);
  }
}

function makeIo(argv: readonly string[], outside: Outside): Io {
  const { cwd, env, signal, insist = new AbortController().signal } = outside;
  const terminal = outside.terminal && env.TERM !== 'dumb';
  const color = terminal && (env.NO_COLOR ?? '') === '';
  const json = argv.includes('--json');
  const pipe = outside.pipe ?? (async (piece) => outside.out(Buffer.from(piece).toString('utf8')));
  const { out, err, width } = outside;
  return {
    cwd,
    env,
    signal,
    insist,
    json,
    terminal,
    color,
    out,
    err,
    pipe,
    width: terminal ? width : undefined,
  };
}

/** Every command is listed; only the one that is called is loaded. */
async function buildProgram(argv: readonly string[], io: Io, result: { code: number }): Promise<Command> {
  const program = new Command('millwright')
    .description('Work is a file. History is a line. Change is a pull request.')
    .option('--json', 'print data as one JSON value, failures too')
    .option('--workspace <folder>', 'the workspace to work on', '.')
    .version(await version(), '--version', 'print the version')
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', HELP_END);
  // Words go to stderr, help to stdout. In JSON mode the failure itself is the only output.
  program.exitOverride().configureOutput({
    writeOut: io.out,
    writeErr: (text) => (io.json ? undefined : io.err(inertWords(io, text))),
  });
  program.showHelpAfterError('hint: millwright --help lists the commands');
  const called = calledCommand(argv);
  for (const entry of commands) {
    const command = program.command(entry.name).summary(entry.summary).copyInheritedSettings(program);
    if (entry.name === called) define(command, await entry.load(), io, result);
  }
  return program;
}

async function version(): Promise<string> {
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

const HELP_END = `
Exit status:
  0 done   1 failed   2 called wrongly   10 no workspace here   11 held by another
  12 credentials missing or refused   13 lost the race against other writers
  14 nothing to claim   130 interrupted
`;

/** The first argument that is neither an option nor an option's value. */
function calledCommand(argv: readonly string[]): string | undefined {
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] ?? '';
    if (word === '--workspace') at += 1;
    else if (word === 'help') return argv[at + 1];
    else if (!word.startsWith('-')) return word;
  }
  return undefined;
}

function define(command: Command, definition: CommandDefinition, io: Io, result: { code: number }): void {
  command.description(definition.description);
  for (const { name, text } of definition.args ?? []) command.argument(name, text);
  for (const { flags, text, default: given, repeats } of definition.options ?? []) {
    if (repeats === true) command.option(flags, text, (value: string, all: string[] = []) => [...all, value]);
    else command.option(flags, text, given);
  }
  command.addHelpText('after', helpEnd(definition));
  for (const sub of definition.subcommands ?? [])
    define(command.command(sub.name).summary(sub.summary).copyInheritedSettings(command), sub, io, result);
  if (definition.run === undefined) return;
  const run = definition.run.bind(definition);
  command.action(async (...given: unknown[]) => {
    const args = command.args;
    const { workspace, ...options } = command.optsWithGlobals<Record<string, unknown>>();
    void given;
    result.code = (await run({ args, options, folder: resolve(io.cwd, String(workspace ?? '.')) }, io)) ?? 0;
  });
}

function helpEnd({ examples, exits = [] }: CommandDefinition): string {
  const shown = examples.map((example) => `  $ ${example}`).join('\n');
  const codes = ['0 done', '1 failed', '2 called wrongly', ...exits].map((exit) => `  ${exit}`).join('\n');
  return `\nExamples:\n${shown}\n\nExit status:\n${codes}\n`;
}

/** The words and the help have been printed by the parser; in JSON mode nothing has. */
function usageFailed(error: CommanderError, io: Io): number {
  const message =
    error.code === 'commander.help' ? 'expected a command' : error.message.replace(/^error: /, '');
  if (io.json)
    io.out(jsonError(io, { code: 'usage', message, hint: 'millwright --help lists the commands' }));
  return exitCodeOf('usage');
}

function failed(error: unknown, io: Io): number {
  const stopped = io.signal.aborted && error instanceof Error && error.name === 'AbortError';
  const known = stopped ? interrupted : error instanceof MillwrightError ? error : unexpected(error, io);
  const { code, message, hint, retry, data } = known;
  if (io.json) io.out(jsonError(io, { code, message, hint, retry, data }));
  else io.err(failureWords(io, message, hint));
  annotate(io, { severity: 'error', title: code, message: maskSecrets(message) });
  return exitCodeOf(code);
}

function failureWords(io: Io, message: string, hint: string | undefined): string {
  const help = hint === undefined ? '' : `\nhint: ${hint}\n`;
  return `${paint(io, 'error:')} ${inertWords(io, maskSecrets(`${message}\n${help}`))}`;
}

/** Secrets are masked value by value: in the whole text a mask could swallow a quote. */
function jsonError(io: Io, error: Readonly<Record<string, unknown>>): string {
  const mask = (_key: string, value: unknown) => (typeof value === 'string' ? maskSecrets(value) : value);
  return `${inertJson(io, JSON.stringify({ error }, mask))}\n`;
}

const interrupted = new MillwrightError('interrupted', 'interrupted before everything was done', {
  hint: 'run the command again: it goes on from here',
  retry: 'back-off',
});

function unexpected(error: unknown, io: Io): MillwrightError {
  const refused = systemFailure(error);
  if (refused !== undefined) return refused;
  const message = error instanceof Error ? error.message : String(error);
  const stack =
    error instanceof Error && (io.env.MILLWRIGHT_DEBUG ?? '') !== '' ? `\n${error.stack ?? ''}` : '';
  return new MillwrightError('unexpected', `${message}${stack}`, {
    hint: 'this is a fault of Millwright: set MILLWRIGHT_DEBUG=1 to see where, and report it',
    retry: 'never',
    cause: error,
  });
}

function paint(io: Io, text: string): string {
  return io.color ? `\u001b[31m${text}\u001b[39m` : text;
}
