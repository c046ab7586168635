import { MillwrightError } from '../contracts/millwright-error.ts';
import { git, gitText } from './program.ts';
import type { Oid, Repository } from './repository.ts';

/** A day, or an instant; without an offset it is UTC. */
const DATE = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)\s*(Z|[+-]\d{2}:?\d{2})?)?$/;

/**
 * The commit that `when` means: a day (all of it), an instant, or anything that git takes for a commit. Of a date it
 * is the last commit on the line to `tip` that is not younger, by the clocks of those who committed.
 * Throws `no-such-commit`.
 */
export async function commitAt(repository: Repository, tip: Oid | null, when: string): Promise<Oid> {
  const date = DATE.exec(when.trim());
  const cwd = repository.root;
  if (date === null) {
    const found = await git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${when}^{commit}`], {
      cwd,
    });
    if (found.code === 0) return found.stdout.toString('utf8').trim();
    throw noSuch(`"${when}" names no commit and is no date`);
  }
  const at = instantOf(date);
  if (at === undefined) throw noSuch(`"${when}" is no day of the calendar`);
  const args = ['rev-list', '-1', '--first-parent', `--before=${Math.floor(at / 1_000)}`, tip ?? ''];
  const found = tip === null ? '' : await gitText(args, { cwd });
  if (found === '') throw noSuch(`the history begins after ${when}`);
  return found;
}

/** Milliseconds since 1970. A day without a time counts to its end. */
function instantOf([, day = '', time = '23:59:59.999', zone = 'Z']: RegExpExecArray): number | undefined {
  const at = Date.parse(`${day}T${time}${zone}`);
  const isDay = !Number.isNaN(at) && new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
  return isDay ? at : undefined;
}

function noSuch(problem: string): MillwrightError {
  return new MillwrightError('no-such-commit', problem, {
    hint: 'give a commit, a tag, a day such as 2026-11-01 or an instant such as 2026-11-01T08:30:00Z; git log shows what there is',
  });
}
