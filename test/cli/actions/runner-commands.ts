export interface RunnerCommand {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

const known = new Set([
  ...['error', 'warning', 'notice', 'debug', 'group', 'endgroup', 'echo', 'add-mask', 'add-matcher'],
  ...['stop-commands', 'set-output', 'save-state', 'set-env', 'add-path'],
]);

/** What a runner of GitHub Actions takes for commands in the output of a step: the form of today and the old one. */
export function runnerCommands(output: string): RunnerCommand[] {
  return output.split(/\r\n|\r|\n/).flatMap((line) => commandOf(line) ?? oldCommandOf(line) ?? []);
}

function commandOf(line: string): RunnerCommand | undefined {
  const text = line.replace(/^[\s\u0085]+/, '');
  const end = text.indexOf('::', 2);
  if (!text.startsWith('::') || end < 0) return undefined;
  const [name = '', ...rest] = text.slice(2, end).split(' ');
  if (!known.has(name)) return undefined;
  const pairs = rest
    .join(' ')
    .trim()
    .split(',')
    .map((pair) => pair.split(/=(.*)/s))
    .map(([key = '', value = '']) => [key, unescaped(value).replaceAll('%3A', ':').replaceAll('%2C', ',')]);
  const properties = Object.fromEntries(
    pairs.map(([key, value]) => [key, (value ?? '').replaceAll('%25', '%')]),
  ) as Record<string, string>;
  return { name, properties, data: unescaped(text.slice(end + 2)).replaceAll('%25', '%') };
}

function unescaped(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n');
}

function oldCommandOf(line: string): RunnerCommand | undefined {
  const [, info = '', data = ''] = /##\[([^\]]*)\](.*)/s.exec(line) ?? [];
  const [name = ''] = info.split(' ');
  return known.has(name) ? { name, properties: {}, data } : undefined;
}
