/** What a command gets from the outside world. Tests give their own. */
export interface Io {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** True with `--json`: data on stdout is one JSON value, failures too. */
  readonly json: boolean;
  /** True on a terminal that wants colour. */
  readonly color: boolean;
  readonly signal: AbortSignal;
  /** Aborted by the second interrupt, for commands that listen; the others end there and then. */
  readonly insist: AbortSignal;
  /** True when stdout is a terminal that can be drawn on. */
  readonly terminal: boolean;
  /** Data. */
  out(text: string): void;
  /** Data that may be much, or bytes. Settles when more may come. */
  pipe(piece: string | Uint8Array): Promise<void>;
  /** Columns of the terminal; undefined where there is none. */
  readonly width: number | undefined;
  /** Words for people. */
  err(text: string): void;
}

export interface CommandInput {
  readonly args: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
  /** Folder of the workspace: `--workspace`, or where the command was called. */
  readonly folder: string;
}

export interface CommandDefinition {
  readonly name: string;
  /** One line, shown in the list of commands. */
  readonly summary: string;
  /** A paragraph: what it does, and when one would use it. */
  readonly description: string;
  /** As commander writes them: `<file>` is required, `[file]` is not, `<file...>` takes several. */
  readonly args?: readonly { readonly name: string; readonly text: string }[];
  readonly options?: readonly {
    readonly flags: string;
    readonly text: string;
    readonly default?: string;
    /** True when it may be given several times: its values come as a list. */
    readonly repeats?: true;
  }[];
  readonly examples: readonly string[];
  /** Exit codes beyond 0, 1 and 2. */
  readonly exits?: readonly string[];
  readonly subcommands?: readonly CommandDefinition[];
  /** @returns the exit code; nothing means 0 */
  run?(input: CommandInput, io: Io): Promise<number | undefined>;
}
