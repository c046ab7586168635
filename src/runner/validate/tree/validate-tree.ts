import type { Finding, Looked } from '../finding.ts';
import type { Ground } from '../ground.ts';
import { checkInbox } from './check-inbox.ts';
import { checkPages } from './check-pages.ts';
import { checkPersonas } from './check-personas.ts';
import { checkPolicies } from './check-policies.ts';
import { checkPrompts } from './check-prompts.ts';

/**
 * Checks the checkout as it lies on the disk.
 * @param known findings of what was read on the way here
 * @param ledger the commit whose history says which ids are taken
 */
export async function validateTree(
  ground: Ground,
  known: readonly Finding[],
  ledger: string | undefined,
): Promise<Looked> {
  const personas = await checkPersonas(ground);
  const prompts = await checkPrompts(ground, personas.roster);
  // Settings that do not read declare nothing: the defaults have no policies to judge.
  const declared = !known.some(({ rule }) => rule === 'settings');
  const policies = declared ? await checkPolicies(ground, personas.roster) : [];
  const inbox = await checkInbox(ground, ledger);
  const pages = await checkPages(ground);
  return {
    findings: [
      ...known,
      ...policies,
      ...[personas, prompts, inbox, pages].flatMap(({ findings }) => findings),
    ],
    checked: {
      personas: personas.roster.length,
      prompts: prompts.count,
      contracts: inbox.count,
      proposals: pages.count,
    },
    unchecked: inbox.unchecked,
  };
}
