import { z } from 'zod';
import { hasCode, MillwrightError } from '../../contracts/millwright-error.ts';
import type { Check } from './check.ts';
import type { GithubDesk } from './github-desk.ts';
import { failed, ok, warning } from './verdicts.ts';

/** Rules that refuse a plain push of records to a branch. Signatures: machine-written commits have none. */
const REFUSING = new Set([
  ...['pull_request', 'required_status_checks', 'update', 'merge_queue', 'required_signatures'],
  ...['required_deployments', 'code_scanning', 'workflows'],
]);

/** Whether the branches are there, and whether their protection would refuse what passes push. */
export async function branchChecks(desk: GithubDesk): Promise<Check[]> {
  const { ledger_branch: ledger, base_branch: base } = desk.workspace.settings;
  const checks = [...(await ledgerChecks(desk, ledger))];
  if (base === ledger) return checks;
  const found = await findBranch(desk, base);
  if (found?.name !== base) checks.push(missingBase(base, found?.name));
  return checks;
}

/** Under its old name GitHub shows a branch that was renamed, although git finds nothing there. */
function findBranch({ client }: GithubDesk, branch: string) {
  return client.find({
    route: 'GET /repos/{owner}/{repo}/branches/{branch}',
    parameters: { branch },
    shape: z.object({ name: z.string(), protected: z.boolean() }),
    action: `look at branch ${branch}`,
  });
}

async function ledgerChecks(desk: GithubDesk, branch: string): Promise<Check[]> {
  const found = await findBranch(desk, branch);
  if (found?.name !== branch) return [await missingLedger(desk, branch)];
  const rules = (await rulesOf(desk, branch)).filter((type) => REFUSING.has(type));
  if (!found.protected && rules.length === 0) return [ok('ledger branch', `${branch} takes pushes`)];
  const why = rules.length === 0 ? 'it is protected' : `its rules are ${[...new Set(rules)].join(', ')}`;
  return [
    warning(
      'ledger branch',
      `${branch} may refuse what passes push: ${why}`,
      branch.startsWith('millwright/')
        ? 'leave this branch out of the rules, or let the token bypass them'
        : 'set ledger_branch: millwright/ledger in millwright.yaml, or let the token bypass the rules',
    ),
  ];
}

/** A pass begins it where it never was; git says whether one would. */
async function missingLedger({ workspace }: GithubDesk, branch: string): Promise<Check> {
  try {
    await workspace.log.tip();
  } catch (error) {
    if (!(error instanceof MillwrightError) || !hasCode(error, 'branch-gone')) throw error;
    return failed('ledger branch', error.message, error.hint ?? '');
  }
  return warning('ledger branch', `${branch} is not on GitHub yet`, 'the first pass creates it');
}

/** Rule sets. Older servers have none. */
async function rulesOf({ client }: GithubDesk, branch: string): Promise<string[]> {
  const rules = await client.find({
    route: 'GET /repos/{owner}/{repo}/rules/branches/{branch}',
    parameters: { branch },
    shape: z.array(z.object({ type: z.string() })),
    action: `look at the rules of branch ${branch}`,
  });
  return (rules ?? []).map(({ type }) => type);
}

function missingBase(base: string, now: string | undefined): Check {
  const what = now === undefined ? 'is not on GitHub' : `is called ${now} on GitHub now`;
  return failed(
    'base branch',
    `${base} ${what}, so proposals have nowhere to go`,
    'set base_branch in millwright.yaml to the branch that people merge into',
  );
}
