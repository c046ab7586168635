import { CODEOWNERS_PLACES } from '../../git/codeowners-places.ts';
import type { Edit } from '../../git/edit.ts';
import type { Snapshot } from '../../git/snapshot.ts';
import { checkedOutText } from './checked-out-text.ts';
import { CI_FILE, wantsCi } from './github-files.ts';
import { judgeLaidFile, type LaidFile } from './judge-laid-file.ts';
import { whatForeignLeavesOut } from './what-foreign-leaves-out.ts';

export interface GithubPlan {
  readonly edits: readonly Edit[];
  readonly created: readonly string[];
  readonly updated: readonly string[];
  readonly kept: readonly string[];
  /** With both texts, for a diff. */
  readonly edited: readonly { readonly path: string; readonly there: string; readonly template: string }[];
  readonly foreign: readonly ForeignFile[];
}

/** Somebody else's file in the place of one of ours. */
export interface ForeignFile {
  readonly path: string;
  /** What does not happen because of it, as a clause. */
  readonly without: string;
}

/**
 * What becomes of every file for GitHub, on one snapshot.
 * @param checkout the folder in which the branch is checked out, if it is: an edit there counts before it is committed
 */
export async function planGithub(
  snapshot: Snapshot,
  templates: ReadonlyMap<string, string>,
  checkout: string | undefined,
): Promise<GithubPlan> {
  const plan: Growing = { edits: [], created: [], updated: [], kept: [], edited: [], foreign: [] };
  const withCi = await wantsCi(snapshot);
  for (const [path, template] of templates) {
    if (path === CI_FILE && !withCi) continue;
    const committed =
      (await snapshot.entry(path)) === undefined ? undefined : ((await snapshot.text(path)) ?? '');
    const onDisk = checkout === undefined ? undefined : await checkedOutText(checkout, path);
    const verdict = judgeBoth(committed, onDisk, template);
    note(plan, verdict, { path, there: onDisk ?? committed ?? '', template });
  }
  return withOwners(snapshot, plan);
}

type Growing = { -readonly [K in keyof GithubPlan]: GithubPlan[K][number][] };

/** What was changed in the checkout and is not committed is as much an edit as what is. */
function judgeBoth(committed: string | undefined, onDisk: string | undefined, template: string): LaidFile {
  const known = [committed?.replaceAll('\r\n', '\n'), template, undefined];
  if (known.includes(onDisk)) return judgeLaidFile(committed, template);
  return judgeLaidFile(onDisk, template) === 'foreign' ? 'foreign' : 'edited';
}

function note(plan: Growing, verdict: LaidFile, file: GithubPlan['edited'][number]): void {
  const { path, template } = file;
  const without = whatForeignLeavesOut(path);
  if (verdict === 'create' || verdict === 'update') plan.edits.push({ put: path, content: template });
  if (verdict === 'create') plan.created.push(path);
  else if (verdict === 'update') plan.updated.push(path);
  else if (verdict === 'edited') plan.edited.push(file);
  else if (verdict === 'foreign' && without !== undefined) plan.foreign.push({ path, without });
  else plan.kept.push(path);
}

/** A person may choose other owners, so the file is begun once and never looked at again. */
async function withOwners(snapshot: Snapshot, plan: GithubPlan): Promise<GithubPlan> {
  const there = await Promise.all(CODEOWNERS_PLACES.map((path) => snapshot.entry(path)));
  if (there.some((entry) => entry !== undefined)) return plan;
  const [path = ''] = CODEOWNERS_PLACES;
  return {
    ...plan,
    edits: [...plan.edits, { put: path, content: OWNERS_TEXT }],
    created: [...plan.created, path],
  };
}

const OWNERS_TEXT = `# Who must look before a change of these is merged. Put a person or a team in the place of @owner, and take the
# comment signs away; a ruleset of the base branch then requires their review.
# /.github/         @owner
# /millwright.yaml  @owner
# /personas/        @owner
# /prompts/         @owner
`;
