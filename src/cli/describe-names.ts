import type { Named } from '../runner/open-analysis.ts';
import type { Io } from './command.ts';
import { noView } from './no-view.ts';
import { print } from './with-workspace.ts';

/** Prints what can be asked. @param wanted a name, or true for all of them. Throws `no-view`. */
export async function describeNames(all: readonly Named[], wanted: unknown, io: Io): Promise<void> {
  if (typeof wanted !== 'string') return print(io, all, describeAll);
  const found = all.find(({ name }) => name === wanted.toLowerCase());
  if (found === undefined)
    throw noView(
      wanted,
      all.map(({ name }) => name),
    );
  print(io, found, describeOne);
}

const headings = { table: 'tables, one a kind', view: 'views', now: 'what is not history yet' };

function describeAll(all: readonly Named[]): string {
  const width = Math.max(...all.map(({ name }) => name.length));
  const sections = (['table', 'view', 'now'] as const).map((group) => {
    const lines = all
      .filter((one) => one.group === group)
      .map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
    return [headings[group], ...lines].join('\n');
  });
  return `${sections.join('\n\n')}\n\n"millwright query --describe NAME" shows the columns`;
}

function describeOne({ name, summary, columns }: Named): string {
  const [names, types] = [columns.map((column) => column.name), columns.map(({ type }) => type)];
  const [wide, wider] = [
    Math.max(...names.map((text) => text.length)),
    Math.max(...types.map((text) => text.length)),
  ];
  const lines = columns.map((column) =>
    `  ${column.name.padEnd(wide)}  ${column.type.padEnd(wider)}  ${column.text}`.trimEnd(),
  );
  return [`${name}: ${summary}`, ...lines].join('\n');
}
