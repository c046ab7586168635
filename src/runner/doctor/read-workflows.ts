import { z } from 'zod';
import type { GithubDesk } from './github-desk.ts';

const workflow = z.object({
  id: z.int(),
  path: z.string(),
  /** `active`, `disabled_inactivity`, `disabled_manually`, `disabled_fork`, `deleted`. */
  state: z.string(),
  created_at: z.string(),
});
export type GithubWorkflow = z.infer<typeof workflow>;

/** Every workflow that GitHub knows of in this repository. */
export function readWorkflows({ client }: GithubDesk): Promise<GithubWorkflow[]> {
  return client.list({
    route: 'GET /repos/{owner}/{repo}/actions/workflows',
    within: 'workflows',
    shape: workflow,
    action: 'look at the workflows',
    feature: 'news about schedules',
  });
}
