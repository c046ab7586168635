import type { Forge, ProposalDraft } from '../../../src/forge/forge.ts';
import { type GithubPlace, githubPlace } from './github-place.ts';
import type { GithubShopOptions } from './github-shop.ts';

/** A change of one file under `docs`. */
export function draftOf(key: string, more: Partial<ProposalDraft> = {}): ProposalDraft {
  return {
    id: `millwright/topic/${key}`,
    title: `Change ${key}`,
    body: `Because of the figures of ${key}.`,
    files: [{ path: `docs/${key}.md`, content: `${key}\n` }],
    ...more,
  };
}

/** Pushes the branch of a draft and opens it. @returns its commit */
export async function openDraft(place: GithubPlace, draft: ProposalDraft, forge?: Forge): Promise<string> {
  const head = await place.branch(draft);
  await (forge ?? (await place.forge())).open(draft, head);
  return head;
}

/** A place in which the draft `one` is open as pull request #1; no dashboard is kept. */
export async function openedPlace(
  options: GithubShopOptions = {},
): Promise<GithubPlace & { readonly head: string }> {
  const place = await githubPlace({ ...options, github: `  dashboard: false\n${options.github ?? ''}` });
  const head = await openDraft(place, draftOf('one'));
  return { ...place, head };
}
