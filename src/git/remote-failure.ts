import { MillwrightError } from '../contracts/millwright-error.ts';
import { diskFull, type GitResult } from './program.ts';

interface Cause {
  readonly code: string;
  readonly shape: RegExp;
  readonly says: string;
  readonly hint: string;
  readonly retry: 'back-off' | 'when-input-changes';
}

/** What git prints when a remote cannot be used at all, and what helps. First match wins. */
const causes: readonly Cause[] = [
  {
    code: 'remote-credentials',
    shape:
      /Authentication failed|could not read (?:Username|Password)|terminal prompts disabled|Permission denied \(|returned error: 40[13]|Host key verification failed/i,
    says: 'the remote did not accept the credentials',
    hint: 'check the credential helper, the token or the ssh key: "git ls-remote" must work in this folder',
    retry: 'when-input-changes',
  },
  {
    code: 'no-permission',
    shape:
      /insufficient permission for adding|Read-only file system|unable to (?:create temporary|write) .*Permission denied|cannot (?:open|lock|create|update) .*Permission denied|Unable to create .*Permission denied/i,
    says: 'this user may not write to the repository here',
    hint: 'run Millwright as the owner of the repository',
    retry: 'when-input-changes',
  },
  {
    code: 'remote-missing',
    shape:
      /repository .*not found|does not appear to be a git repository|not a git repository|returned error: 404|No such remote|does not exist/i,
    says: 'the remote repository was not found',
    hint: 'check the address with "git remote -v"',
    retry: 'when-input-changes',
  },
  {
    code: 'remote-busy',
    shape: /returned error: (?:429|5\d\d)/i,
    says: 'the remote is busy or out of order',
    hint: 'try again in a minute',
    retry: 'back-off',
  },
  {
    code: 'remote-unreachable',
    shape:
      /Could not resolve host|Connection refused|timed out|Failed to connect|Connection reset|hung up|early EOF|Empty reply|curl \d+|Network is unreachable|unexpected disconnect|Could not read from remote/i,
    says: 'the remote could not be reached',
    hint: 'check the network; the work stays here and goes out with the next pass',
    retry: 'back-off',
  },
];

/** Turns a failed fetch or push into an error that says what to do. Never guesses that it was a race. */
export function remoteFailure(remote: string, action: string, answer: GitResult): MillwrightError {
  if (/No space left on device|Disk quota exceeded/i.test(answer.stderr)) return diskFull(answer.stderr);
  const cause = causes.find(({ shape }) => shape.test(answer.stderr));
  const detail = answer.stderr.split('\n').slice(0, 4).join(' ');
  return new MillwrightError(
    cause?.code ?? 'remote-failed',
    `could not ${action} ${remote}: ${cause?.says ?? 'git failed'} (${detail})`,
    {
      hint: cause?.hint ?? 'run the same with "git fetch" to see what git says',
      retry: cause?.retry ?? 'when-input-changes',
      data: { remote, exit: answer.code },
    },
  );
}
