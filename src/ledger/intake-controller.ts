import type { Controller } from './controller.ts';
import { previewIntake, takeIn } from './intake.ts';
import { countInbox } from './read-inbox.ts';

/** Takes contracts out of the inbox: into the history, or to `queue/rejected` with the reasons. */
export const intakeController: Controller = {
  name: 'intake',
  plan: async (context) => {
    const { workspace, index } = context;
    const files = await countInbox(workspace);
    if (files === 0) return [];
    const words = context.detailed
      ? describe(await previewIntake(workspace, index))
      : `take in ${files} ${files === 1 ? 'file' : 'files'}`;
    return [
      {
        controller: 'intake',
        summary: words,
        changes: true,
        apply: async () => {
          const { accepted, unchanged, rejected, settling } = await takeIn(workspace, index);
          const took = Object.values(accepted).reduce((sum, n) => sum + n, 0) + unchanged + rejected.length;
          return { changed: took > 0, accepted, unchanged, rejected, settling };
        },
      },
    ];
  },
};

function describe(preview: Awaited<ReturnType<typeof previewIntake>>): string {
  const accepted = Object.entries(preview.accepted).map(([kind, n]) => `${n} ${kind}`);
  const parts = [
    accepted.length > 0 ? `record ${accepted.join(', ')}` : '',
    preview.unchanged > 0 ? `clear ${preview.unchanged} that are recorded already` : '',
    preview.rejected.length > 0 ? `reject ${preview.rejected.length}` : '',
    preview.settling > 0 ? `wait for ${preview.settling} that may still be written` : '',
  ];
  return parts.filter((part) => part !== '').join('; ');
}
