import { access, constants, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describeIssue } from '../contracts/issue.ts';
import { MillwrightError } from '../contracts/millwright-error.ts';
import { gitIdentity } from '../git/identity.ts';
import { git } from '../git/program.ts';
import { PERSONAS } from '../ledger/paths.ts';
import type { Workspace } from '../ledger/workspace.ts';
import { type PersonaRead, readRoster } from '../personas/read-persona.ts';
import { activity } from './doctor/activity-check.ts';
import type { Check } from './doctor/check.ts';
import { failed, ok, warning } from './doctor/verdicts.ts';
import { readSchedules } from './schedules/read-schedules.ts';

/** Looks at everything that a pass relies on. Each check says what it found, and what helps. */
export async function examine(workspace: Workspace): Promise<Check[]> {
  const checks = [
    gitVersion,
    identity,
    checkout,
    shallow,
    rights,
    attributes,
    remote,
    clockSkew,
    personas,
    schedules,
    activity,
  ];
  const results: Check[] = [];
  for (const check of checks) results.push(...(await check(workspace)));
  return results;
}

async function output(workspace: Workspace, ...args: string[]): Promise<string> {
  return (await git(args, { cwd: workspace.root })).stdout.toString('utf8').trim();
}

async function gitVersion(workspace: Workspace): Promise<Check[]> {
  const text = await output(workspace, '--version');
  const [major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(text) ?? []).slice(1).map(Number);
  const enough = major > 2 || (major === 2 && minor >= 30);
  return [enough ? ok('git', text) : failed('git', text, 'install git 2.30 or newer')];
}

async function identity(workspace: Workspace): Promise<Check[]> {
  try {
    return [ok('identity', await gitIdentity(workspace.root))];
  } catch (error) {
    if (!(error instanceof MillwrightError)) throw error;
    return [warning('identity', `${error.message}; passes do not need it, reviews do`, error.hint ?? '')];
  }
}

async function checkout(workspace: Workspace): Promise<Check[]> {
  const head = await output(workspace, 'symbolic-ref', '--quiet', '--short', 'HEAD');
  const { ledger_branch: ledger } = workspace.settings;
  if (head === '')
    return [
      warning(
        'checkout',
        `HEAD is detached; passes write to ${ledger} all the same`,
        `git switch ${ledger} shows what they write`,
      ),
    ];
  return [
    ok(
      'checkout',
      head === ledger ? `on ${head}, the ledger branch` : `on ${head}; the ledger branch is ${ledger}`,
    ),
  ];
}

async function shallow(workspace: Workspace): Promise<Check[]> {
  if ((await output(workspace, 'rev-parse', '--is-shallow-repository')) !== 'true')
    return [ok('history', 'complete')];
  return [
    warning(
      'history',
      'this clone is shallow: passes work, merges of old proposals may not be recognised by their commits',
      'git fetch --unshallow brings the rest',
    ),
  ];
}

async function rights(workspace: Workspace): Promise<Check[]> {
  for (const folder of [workspace.root, workspace.repository.commonDir]) {
    try {
      await access(folder, constants.W_OK);
    } catch {
      return [
        failed('rights', `${folder} cannot be written`, 'run Millwright as the owner of the repository'),
      ];
    }
  }
  const lock = await stat(join(workspace.repository.gitDir, 'index.lock')).catch(() => undefined);
  if (lock === undefined) return [ok('rights', 'the repository can be written')];
  return [
    warning(
      'rights',
      'a git command holds index.lock',
      'if no git command is running, the next pass clears what Millwright left; another program must clear its own',
    ),
  ];
}

async function attributes(workspace: Workspace): Promise<Check[]> {
  const answer = await output(workspace, 'check-attr', 'text', '--', 'state/outcome/2026-01/0001.jsonl');
  if (answer.endsWith(': unset')) return [ok('line ends', 'machine-written files are kept byte for byte')];
  return [
    warning(
      'line ends',
      'git may convert line ends of machine-written files',
      'millwright init adds the lines to .gitattributes',
    ),
  ];
}

async function remote(workspace: Workspace): Promise<Check[]> {
  if (workspace.remote === undefined) return [ok('remote', 'none: this repository is the truth')];
  const ref = `refs/heads/${workspace.settings.ledger_branch}`;
  try {
    const tip = (await workspace.refs.read([ref])).get(ref);
    if (tip === undefined)
      return [
        warning(
          'remote',
          `${workspace.refs.name} has no branch ${workspace.settings.ledger_branch} yet`,
          'the first pass creates it',
        ),
      ];
    // A push that changes nothing still asks for the right to push.
    const trial = await git(
      ['push', '--dry-run', '--no-verify', '--', workspace.remote.remote, `${tip}:${ref}`],
      { cwd: workspace.root, env: workspace.remote.env ?? {} },
    );
    if (trial.code !== 0)
      return [
        failed(
          'remote',
          `${workspace.refs.name} can be read but not pushed to: ${trial.stderr.split('\n')[0] ?? ''}`,
          'check that the token or key may write',
        ),
      ];
    return [
      ok(
        'remote',
        `${workspace.refs.name} answers, ${workspace.settings.ledger_branch} is at ${tip.slice(0, 10)}`,
      ),
    ];
  } catch (error) {
    if (!(error instanceof MillwrightError)) throw error;
    return [failed('remote', error.message, error.hint ?? '')];
  }
}

const LARGEST_SKEW_S = 60;

/** Leases are judged by the server's clock where there is one; a wrong clock here still spoils times in records. */
async function clockSkew(workspace: Workspace): Promise<Check[]> {
  const address = workspace.remote?.address ?? '';
  if (!/^https?:/.test(address))
    return [ok('clock', `${workspace.clock.now().toISOString()}; no server to compare it with`)];
  try {
    const url = new URL(address);
    url.username = '';
    url.password = '';
    const answer = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(5_000) });
    const skew = Math.round(
      (workspace.clock.now().getTime() - new Date(answer.headers.get('date') ?? '').getTime()) / 1_000,
    );
    if (Number.isNaN(skew)) return [ok('clock', 'the server does not say its time')];
    if (Math.abs(skew) <= LARGEST_SKEW_S) return [ok('clock', `within ${Math.abs(skew)} s of the server`)];
    return [
      warning(
        'clock',
        `${Math.abs(skew)} s ${skew > 0 ? 'ahead of' : 'behind'} the server`,
        'set the clock of this machine by NTP',
      ),
    ];
  } catch {
    return [warning('clock', 'the server could not be asked for its time', 'see the check of the remote')];
  }
}

async function personas(workspace: Workspace): Promise<Check[]> {
  const roster = await rosterOf(workspace);
  if (roster === undefined)
    return [warning('personas', 'the base branch could not be read', 'see the check of the remote')];
  const bad = roster.flatMap((read) =>
    read.ok
      ? []
      : read.issues.map((issue) =>
          failed(
            'personas',
            describeIssue(read.path, issue),
            'the fields are described in personas/README.md',
          ),
        ),
  );
  if (bad.length > 0) return bad;
  const active = roster.filter((read) => read.ok && read.file.persona.active).length;
  return [ok('personas', `${roster.length} on the base branch, ${active} active`)];
}

async function rosterOf(workspace: Workspace): Promise<PersonaRead[] | undefined> {
  try {
    return await readRoster((await workspace.base.tip()).snapshot, PERSONAS);
  } catch (error) {
    if (error instanceof MillwrightError) return undefined;
    throw error;
  }
}

async function schedules(workspace: Workspace): Promise<Check[]> {
  if (workspace.settings.schedules.loop === undefined) return [];
  const standings = await workspace.log
    .tip()
    .then(({ snapshot }) => readSchedules(workspace, snapshot))
    .catch(unreached);
  return standings.map(({ schedule, expression, problem, next_due_at: next }) =>
    problem === null
      ? ok('schedule', `${schedule}: ${expression}, next ${next ?? 'never'}`)
      : failed('schedule', problem, 'correct schedules in millwright.yaml'),
  );
}

/** The check of the remote has said so already. */
function unreached(error: unknown): [] {
  if (error instanceof MillwrightError) return [];
  throw error;
}
