import { maskSecrets } from '../contracts/secrets.ts';
import type { PassContext } from '../ledger/controller.ts';
import { RecordIndex } from '../ledger/record-index.ts';
import { openWorkspace } from '../ledger/workspace.ts';
import { followUps } from '../queue/enqueue.ts';
import { recipes } from '../runner/recipes.ts';
import { annotate } from './actions/annotate.ts';
import { inertJson, inertWords } from './actions/inert-words.ts';
import { onActions } from './actions/on-actions.ts';
import type { Io } from './command.ts';
import { projectionFailure } from './projection-failure.ts';

/** Opens the workspace, runs `work`, prints what a person should know, and closes it again. */
export function withWorkspace<T>(
  folder: string,
  io: Io,
  work: (context: PassContext) => Promise<T>,
): Promise<T> {
  return open(folder, io, work, false);
}

/** As `withWorkspace`, for commands that promise to change nothing. */
export function lookAtWorkspace<T>(
  folder: string,
  io: Io,
  work: (context: PassContext) => Promise<T>,
): Promise<T> {
  return open(folder, io, work, true);
}

async function open<T>(
  folder: string,
  io: Io,
  work: (context: PassContext) => Promise<T>,
  lookOnly: boolean,
): Promise<T> {
  const workspace = await openWorkspace(folder, {
    lookOnly,
    followUps: (settings) => followUps(recipes, settings),
  });
  const index = new RecordIndex(workspace.cache, ({ path, line, found }) => {
    workspace.warnings.push(`${path}:${line}: expected a record, found ${found}; the line stays where it is`);
  });
  try {
    return await work({ workspace, index });
  } catch (error) {
    throw await projectionFailure(error, workspace.cache);
  } finally {
    warn(io, [...new Set(workspace.warnings)]);
    workspace.close();
  }
}

const MOST_WARNINGS = 20;

/** What a warning quotes comes from outside, and may be any number of lines. */
function warn(io: Io, warnings: readonly string[]): void {
  for (const warning of warnings.slice(0, MOST_WARNINGS)) {
    if (onActions(io)) annotate(io, { severity: 'warning', title: 'Millwright', message: warning });
    else io.err(`warning: ${withoutControls(maskSecrets(warning))}\n`);
  }
  const more = warnings.length - MOST_WARNINGS;
  if (more > 0)
    io.err(
      `warning: and ${more} more; lines that could not be read are in the table _bad_lines of "millwright query"\n`,
    );
}

/** Prints one JSON value, or what `words` makes of it. */
export function print<T>(io: Io, value: T, words: (value: T) => string): void {
  const text = io.json
    ? inertJson(io, JSON.stringify(value))
    : inertWords(io, withoutControls(words(value)).trimEnd());
  if (text !== '') io.out(`${text}\n`);
}

/** Text from outside may hold what a terminal takes for commands. */
export function withoutControls(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n\t]/gu, ' ');
}
