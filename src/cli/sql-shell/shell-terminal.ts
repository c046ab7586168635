import type { Readable, Writable } from 'node:stream';

/** What the shell reads from and writes to. */
export interface ShellTerminal {
  readonly input: Readable;
  /** Answers; on a terminal the prompts and what is typed as well. */
  readonly output: Writable;
  /** Errors. */
  readonly errors: Writable;
  /** Somebody types. Else statements are read from the input, and the first error ends it. */
  readonly interactive: boolean;
  readonly color: boolean;
  /** Columns of the terminal, asked for each answer: windows change. Undefined when the output is no terminal. */
  width(): number | undefined;
}
