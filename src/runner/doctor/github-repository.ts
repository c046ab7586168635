import { z } from 'zod';
import type { Check } from './check.ts';
import type { GithubDesk } from './github-desk.ts';
import { failed, ok, warning } from './verdicts.ts';

const shape = z.object({
  full_name: z.string(),
  private: z.boolean(),
  archived: z.boolean().optional(),
  default_branch: z.string(),
  has_issues: z.boolean().optional(),
  /** Told only to those who may change the repository. */
  allow_auto_merge: z.boolean().nullish(),
});
export type GithubRepositoryFacts = z.infer<typeof shape>;

export function readRepository({ client }: GithubDesk): Promise<GithubRepositoryFacts> {
  return client.request({ route: 'GET /repos/{owner}/{repo}', shape, action: 'look at the repository' });
}

/** Its name, whether it takes writes, and its default branch, from which GitHub runs schedules. */
export function repositoryChecks(
  { named, workspace }: GithubDesk,
  { full_name: name, private: isPrivate, archived, default_branch: branch }: GithubRepositoryFacts,
): Check[] {
  const sort = isPrivate ? 'private' : 'public';
  const before = `${named.owner}/${named.name}`;
  const base = workspace.settings.base_branch;
  return [
    before.toLowerCase() === name.toLowerCase()
      ? ok('repository', `${name}, ${sort}`)
      : warning(
          'repository',
          `${before} is called ${name} now; GitHub still leads there`,
          'correct the address of the remote, and github.repository in millwright.yaml if it is set',
        ),
    ...(archived === true
      ? [failed('archived', `${name} is archived and takes no change`, 'an owner can unarchive it')]
      : []),
    ...(branch === base
      ? []
      : [
          warning(
            'default branch',
            `it is ${branch}; proposals go to ${base}, and GitHub runs schedules from ${branch} only`,
            `set base_branch: ${branch} in millwright.yaml, or change the default branch on GitHub`,
          ),
        ]),
  ];
}
