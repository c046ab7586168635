/** Fills `{prompt_file}`, `{worktree}` and `{model}` into the words of a command. A word stays one word, whatever comes in. */
export function fillPlaceholders(
  command: readonly string[],
  places: { readonly promptFile: string; readonly worktree: string; readonly model: string },
): string[] {
  const { promptFile: prompt_file, worktree, model } = places;
  const values: Readonly<Record<string, string>> = { prompt_file, worktree, model };
  return command.map((word) =>
    word.replaceAll(/\{(prompt_file|worktree|model)\}/g, (_, name: string) => values[name] ?? ''),
  );
}
