import type { Edit } from '../../git/edit.ts';
import type { Snapshot } from '../../git/snapshot.ts';
import { CI_FILE, wantsCi } from './github-files.ts';
import { judgeLaidFile } from './judge-laid-file.ts';

export interface GithubPlan {
  readonly edits: readonly Edit[];
  readonly created: readonly string[];
  readonly updated: readonly string[];
  readonly kept: readonly string[];
  /** With both texts, for a diff. */
  readonly edited: readonly { readonly path: string; readonly there: string; readonly template: string }[];
}

/** What becomes of every file for GitHub, on one snapshot. */
export async function planGithub(
  snapshot: Snapshot,
  templates: ReadonlyMap<string, string>,
): Promise<GithubPlan> {
  const plan = { edits: [], created: [], updated: [], kept: [], edited: [] } as {
    -readonly [K in keyof GithubPlan]: GithubPlan[K][number][];
  };
  const withCi = await wantsCi(snapshot);
  for (const [path, template] of templates) {
    if (path === CI_FILE && !withCi) continue;
    const there =
      (await snapshot.entry(path)) === undefined ? undefined : ((await snapshot.text(path)) ?? '');
    const verdict = judgeLaidFile(there, template);
    if (verdict === 'create' || verdict === 'update') plan.edits.push({ put: path, content: template });
    if (verdict === 'create') plan.created.push(path);
    else if (verdict === 'update') plan.updated.push(path);
    else if (verdict === 'edited') plan.edited.push({ path, there: there ?? '', template });
    else plan.kept.push(path);
  }
  return withOwners(snapshot, plan);
}

const OWNERS = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'];

/** A person may choose other owners, so the file is begun once and never looked at again. */
async function withOwners(snapshot: Snapshot, plan: GithubPlan): Promise<GithubPlan> {
  const there = await Promise.all(OWNERS.map((path) => snapshot.entry(path)));
  if (there.some((entry) => entry !== undefined)) return plan;
  const [path = ''] = OWNERS;
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
