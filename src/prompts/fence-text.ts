/**
 * Text from outside, marked as data: a fenced block that nothing in the text can close, because the fence is
 * longer than every run of backticks in it.
 */
export function fenceText(text: unknown): string {
  const content = String(text ?? '');
  const runs = content.match(/`+/g) ?? [];
  const fence = '`'.repeat(Math.max(3, ...runs.map((run) => run.length + 1)));
  return `${fence}data\n${content.replace(/\n+$/, '')}\n${fence}`;
}
