import { completeSql, type SqlCompletion } from './complete-sql.ts';
import { metaCommands, shellFormats } from './meta-command.ts';
import type { SqlName } from './session.ts';

/** As `completeSql`, for a line that may also be a command of the shell. `pending` are the lines before it. */
export function completeLine(pending: string, line: string, names: readonly SqlName[]): SqlCompletion {
  if (pending !== '' || !line.startsWith('.')) return completeSql(pending + line, names);
  const [, command = '', word = ''] = /^(\S+)\s+(\S*)$/.exec(line) ?? [];
  if (command === '')
    return startingWith(
      line,
      metaCommands.map(([name]) => name),
    );
  const values: Readonly<Record<string, readonly string[]>> = {
    '.describe': names.map(({ name }) => name),
    '.format': shellFormats,
    '.timer': ['on', 'off'],
  };
  return startingWith(word, values[command] ?? []);
}

function startingWith(word: string, choices: readonly string[]): SqlCompletion {
  return { candidates: choices.filter((choice) => choice.startsWith(word)), word };
}
