/** Fills `{prompt_file}` and `{worktree}` into the words of a command. A word stays one word, whatever comes in. */
export function fillPlaceholders(
  command: readonly string[],
  places: { readonly promptFile: string; readonly worktree: string },
): string[] {
  return command.map((word) =>
    word.replaceAll(/\{(prompt_file|worktree)\}/g, (_, name: string) =>
      name === 'worktree' ? places.worktree : places.promptFile,
    ),
  );
}
