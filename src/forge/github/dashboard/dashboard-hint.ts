import { join } from 'node:path';
import { z } from 'zod';
import { keep, readKept } from '../../../ledger/kept-json.ts';
import type { Desk } from '../desk.ts';
import type { Issue } from './dashboard-issue.ts';

const shape = z.object({ repository: z.string(), number: z.int().min(1), author: z.string() });

/** Which issue was the dashboard when this machine has last seen it, and whose it is. It may be gone by now. */
export const dashboardHint = {
  read: async ({ workspace, client }: Desk): Promise<z.infer<typeof shape> | undefined> => {
    const hint = await readKept(fileOf(workspace), shape);
    return hint?.repository === nameOf(client) ? hint : undefined;
  },
  write: async (desk: Desk, { number, user }: Pick<Issue, 'number' | 'user'>): Promise<void> => {
    const hint = await dashboardHint.read(desk);
    const author = user?.login ?? '';
    if (hint?.number === number && hint.author === author) return;
    await keep(fileOf(desk.workspace), { repository: nameOf(desk.client), number, author });
  },
};

function fileOf({ cache }: Desk['workspace']): string {
  return join(cache, 'github', 'dashboard.json');
}

function nameOf({ repository: { owner, name } }: Desk['client']): string {
  return `${owner}/${name}`.toLowerCase();
}
