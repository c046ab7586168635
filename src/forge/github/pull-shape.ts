import { z } from 'zod';

const account = z.object({ login: z.string(), type: z.string().optional() });
const repository = z.object({ full_name: z.string() });

/** What is used of a pull request, in lists and by itself. A repository that was deleted is null. */
export const pullShape = z.object({
  number: z.int(),
  node_id: z.string(),
  state: z.enum(['open', 'closed']),
  title: z.string(),
  body: z
    .string()
    .nullish()
    .transform((body) => body ?? ''),
  draft: z.boolean().nullish(),
  user: account.nullable(),
  created_at: z.string(),
  updated_at: z.string(),
  closed_at: z.string().nullable(),
  merged_at: z.string().nullish(),
  merge_commit_sha: z.string().nullish(),
  head: z.object({ ref: z.string(), sha: z.string(), repo: repository.nullable() }),
  base: z.object({ ref: z.string(), repo: repository }),
  auto_merge: z.unknown().optional(),
});
export type Pull = z.infer<typeof pullShape>;
