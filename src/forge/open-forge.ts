import type { PassContext } from '../ledger/controller.ts';
import type { Forge } from './forge.ts';
import { localForge } from './local-forge.ts';

/** One forge for each pass: what one controller has asked it, the next need not ask again. */
const opened = new WeakMap<PassContext, Promise<Forge>>();

/** The forge that the settings name. Throws what the forge says when it cannot be reached or asked. */
export function openForge(context: PassContext): Promise<Forge> {
  const known = opened.get(context) ?? open(context);
  opened.set(context, known);
  return known;
}

/** What belongs to GitHub is loaded only where it is used. */
async function open({ workspace }: PassContext): Promise<Forge> {
  if (workspace.settings.forge === 'local') return localForge(workspace);
  const { openGithubForge } = await import('./github/open-github-forge.ts');
  return openGithubForge(workspace);
}
