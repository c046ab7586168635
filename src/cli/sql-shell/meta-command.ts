import { closest } from '../../contracts/closest.ts';

/** Forms of an answer that make sense in a terminal. */
export const shellFormats = ['table', 'json', 'jsonl', 'csv', 'markdown'] as const;
export type ShellFormat = (typeof shellFormats)[number];

export type MetaCommand =
  | { readonly kind: 'help' | 'tables' | 'quit' }
  | { readonly kind: 'describe'; readonly name: string }
  | { readonly kind: 'format'; readonly format: ShellFormat }
  | { readonly kind: 'limit'; readonly limit: number }
  | { readonly kind: 'timer'; readonly on: boolean }
  | { readonly kind: 'at'; readonly when: string | undefined }
  | { readonly kind: 'wrong'; readonly message: string; readonly hint: string };

/** Every command of the shell, and what `.help` says of it. */
export const metaCommands: readonly (readonly [name: string, takes: string, text: string])[] = [
  ['.help', '', 'this list'],
  ['.tables', '', 'tables and views'],
  ['.describe', 'NAME', 'columns of a table or view'],
  ['.format', 'F', `how answers are shown: ${shellFormats.join(', ')}`],
  ['.limit', 'N', 'most rows to show; 0 shows all'],
  ['.timer', 'on|off', 'say how long a statement took'],
  ['.at', '[WHEN]', 'ask the history as it stood: a date, commit or tag; alone: as it is now'],
  ['.quit', '', 'leave; Ctrl-D does too'],
];

/** Reads a line that begins with a dot. A semicolon at its end is forgiven. */
export function metaCommand(line: string): MetaCommand {
  const [name = '', ...words] = line.trim().replace(/;$/, '').trim().split(/\s+/);
  const parse = parsers[name === '.exit' ? '.quit' : name];
  if (parse !== undefined) return parse(words.join(' '));
  const names = metaCommands.map(([known]) => known);
  const meant = closest(name, names);
  const hint = meant === undefined ? '.help lists the commands' : `did you mean ${meant}?`;
  return { kind: 'wrong', message: `there is no command ${name}`, hint };
}

const parsers: Readonly<Record<string, (value: string) => MetaCommand>> = {
  '.help': () => ({ kind: 'help' }),
  '.tables': () => ({ kind: 'tables' }),
  '.quit': () => ({ kind: 'quit' }),
  '.describe': (value) =>
    value === ''
      ? wrong('.describe expects a name', '.tables lists them')
      : { kind: 'describe', name: value.replace(/^"(.*)"$/, '$1') },
  '.format': (value) => {
    const format = shellFormats.find((known) => known === value);
    if (format !== undefined) return { kind: 'format', format };
    return wrong(`.format expects one of ${shellFormats.join(', ')}`, 'millwright query writes more of them');
  },
  '.limit': (value) =>
    /^\d{1,9}$/.test(value)
      ? { kind: 'limit', limit: Number(value) }
      : wrong('.limit expects a number of rows', 'for example .limit 50; 0 shows all'),
  '.timer': (value) =>
    value === 'on' || value === 'off'
      ? { kind: 'timer', on: value === 'on' }
      : wrong('.timer expects on or off', 'for example .timer on'),
  '.at': (value) => ({ kind: 'at', when: value === '' ? undefined : value }),
};

function wrong(message: string, hint: string): MetaCommand {
  return { kind: 'wrong', message, hint };
}
