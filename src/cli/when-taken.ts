import type { Settings } from '../contracts/settings.ts';

/** What follows "sent": on GitHub a push of refs that are no branches starts no workflow. Empty elsewhere. */
export function whenTaken({ forge }: Pick<Settings, 'forge'>): string {
  if (forge !== 'github') return '';
  return '\nhint: this starts no workflow; the next pass takes it in, and a repository_dispatch of type millwright starts one at once';
}
