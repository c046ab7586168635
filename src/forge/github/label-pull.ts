import { z } from 'zod';
import type { Desk } from './desk.ts';
import { orLeaveOut } from './or-leave-out.ts';
import type { Pull } from './pull-shape.ts';

/** Labels are for people. GitHub makes those that it does not know yet. One that a person removes stays away. */
export async function labelPull(desk: Desk, { number }: Pick<Pull, 'number'>): Promise<void> {
  const { labels } = desk.workspace.settings.github;
  if (labels.length === 0) return;
  await orLeaveOut(desk, 'labels', () =>
    desk.client.request({
      route: 'POST /repos/{owner}/{repo}/issues/{issue_number}/labels',
      parameters: { issue_number: number, labels },
      shape: z.unknown(),
      action: `label #${number}`,
      feature: 'labels on proposals',
      repeatable: true,
    }),
  );
}
