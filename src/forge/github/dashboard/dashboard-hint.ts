import { join } from 'node:path';
import { z } from 'zod';
import { keep, readKept } from '../../../ledger/kept-json.ts';
import type { Desk } from '../desk.ts';

const shape = z.object({ repository: z.string(), number: z.int().min(1) });

/** Which issue was the dashboard when this machine has last seen it. No more than a hint: it may be gone. */
export const dashboardHint = {
  read: async ({ workspace, client }: Desk): Promise<number | undefined> => {
    const hint = await readKept(fileOf(workspace), shape);
    return hint?.repository === nameOf(client) ? hint.number : undefined;
  },
  write: async (desk: Desk, number: number): Promise<void> => {
    if ((await dashboardHint.read(desk)) === number) return;
    await keep(fileOf(desk.workspace), { repository: nameOf(desk.client), number });
  },
};

function fileOf({ cache }: Desk['workspace']): string {
  return join(cache, 'github', 'dashboard.json');
}

function nameOf({ repository: { owner, name } }: Desk['client']): string {
  return `${owner}/${name}`.toLowerCase();
}
