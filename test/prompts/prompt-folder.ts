import { readFile } from 'node:fs/promises';
import { ObjectStore } from '../../src/git/object-store.ts';
import { openRepository } from '../../src/git/repository.ts';
import { Snapshot } from '../../src/git/snapshot.ts';
import { type PromptParts, type RenderedPrompt, renderPrompt } from '../../src/prompts/render-prompt.ts';
import { type GitFolder, gitFolder } from '../support/git-folder.ts';

export const constitution = '# Constitution\n\nBe honest.\n';

/** A repository with these prompts beside a constitution. */
export function promptFolder(prompts: Readonly<Record<string, string>>, opening = constitution) {
  const files = Object.entries(prompts).map(([name, text]) => [`prompts/${name}.md`, text] as const);
  return gitFolder({
    'millwright.yaml': '',
    'prompts/DO-NOT-CHANGE-EVER.md': opening,
    ...Object.fromEntries(files),
  });
}

export function promptText(head: string, body: string, name = 'sample'): string {
  return `---\nname: ${name}\nsummary: A sample.\n${head}\n---\n${body}\n`;
}

export async function renderIn(
  folder: GitFolder,
  name: string,
  variables: Readonly<Record<string, unknown>>,
  parts?: PromptParts,
): Promise<RenderedPrompt> {
  const store = new ObjectStore(await openRepository(folder.dir));
  try {
    return await renderPrompt(
      new Snapshot(store, await folder.git('rev-parse', 'HEAD^{tree}')),
      name,
      variables,
      parts,
    );
  } finally {
    store.close();
  }
}

/** Renders one sample prompt in a repository of its own; gives what follows the constitution. */
export async function renderSample(
  head: string,
  body: string,
  variables: Readonly<Record<string, unknown>>,
): Promise<string> {
  await using folder = await promptFolder({ sample: promptText(head, body) });
  const { text } = await renderIn(folder, 'sample', variables);
  return text.slice(constitution.length + 1, -1);
}

export function shipped(path: string): Promise<string> {
  return readFile(new URL(`../../prompts/${path}`, import.meta.url), 'utf8');
}
