import '../e2e/test-environment.ts';
import { runCli } from '../../src/cli/run-cli.ts';

export interface CliAnswer {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface CliOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly terminal?: boolean;
  readonly signal?: AbortSignal;
}

/** Runs one command line in this process, as if it had been called in `cwd`. */
export async function runCliIn(
  cwd: string,
  argv: readonly string[],
  options: CliOptions = {},
): Promise<CliAnswer> {
  const text = { out: '', err: '' };
  const code = await runCli(argv, {
    cwd,
    env: options.env ?? {},
    terminal: options.terminal ?? false,
    signal: options.signal ?? new AbortController().signal,
    out: (words) => {
      text.out += words;
    },
    err: (words) => {
      text.err += words;
    },
  });
  return { code, ...text };
}

/** The one JSON value that stands on stdout. Throws when anything else does. */
export function jsonOf({ out }: CliAnswer): unknown {
  if (!/^[^\n]+\n$/.test(out)) throw new Error(`expected one line on stdout, found ${JSON.stringify(out)}`);
  return JSON.parse(out);
}
