import type { Check } from './check.ts';
import type { Right } from './probe-right.ts';
import { failed, ok, warning } from './verdicts.ts';

const NAME = 'records and branches';
const NEEDED = 'contents: write';
const WITHOUT = 'no record, no claim and no branch of a proposal can be pushed';

/**
 * Whether records, claims and branches of proposals can be pushed. That is git's affair, which may have a token of
 * its own; the token for the API speaks for it only where there is no remote.
 * @param pushes what git found; undefined without a remote
 * @param contents what the token for the API may do
 */
export function pushChecks(pushes: Right | undefined, contents: Right): Check[] {
  if (pushes === undefined) return [ofToken(contents)];
  const { standing, words } = pushes;
  if (standing === 'missing')
    return [failed(NAME, `${WITHOUT}: what git uses lacks ${NEEDED} (${words})`, GIVE_GIT)];
  if (standing === 'unknown')
    return [
      warning(NAME, `not known: a trial of git push ended with: ${words}`, 'millwright doctor looks further'),
    ];
  if (contents.standing !== 'missing') return [ok(NAME, NEEDED)];
  return [ok(NAME, `git may push; the token for the API lacks ${NEEDED}, which pushes do not use`)];
}

const GIVE_GIT =
  'give the token or key that git pushes with the right to write; in a workflow the job needs permissions: contents: write';

function ofToken({ standing, words }: Right): Check {
  if (standing === 'held') return ok(NAME, NEEDED);
  if (standing === 'unknown') return warning(NAME, `not known: ${words}`, 'ask again later');
  return warning(
    NAME,
    `the token lacks ${NEEDED} (${words}), and there is no remote to try`,
    'git remote add origin',
  );
}

/** A branch of which no rule refuses pushes takes them only if git may push. */
export function asGitSees(checks: readonly Check[], pushes: Right | undefined, ledger: string): Check[] {
  if (pushes?.standing === 'held') return [...checks];
  return checks.map((check) =>
    check.name === 'ledger branch' && check.verdict === 'ok'
      ? ok(check.name, `${ledger} is there, and no rule refuses pushes`)
      : check,
  );
}
