import { MillwrightError } from '../../../contracts/millwright-error.ts';
import type { FieldPath } from '../../../contracts/parsed.ts';
import { PERSONAS, SETTINGS_FILE } from '../../../ledger/paths.ts';
import type { PersonaRead } from '../../../personas/read-persona.ts';
import { LOOP_SETTING, parseSchedule } from '../../schedules/parse-schedule.ts';
import { readPreset } from '../../worker/read-preset.ts';
import type { Finding } from '../finding.ts';
import type { Ground } from '../ground.ts';
import { issueFinding } from '../issue-finding.ts';

interface Problem {
  readonly at: FieldPath;
  readonly expected: string;
  readonly found: string;
  readonly hint: string;
  readonly severity?: 'warning';
}

/** Policies that are declared and cannot work, or that work against each other. */
export async function checkPolicies(ground: Ground, roster: readonly PersonaRead[]): Promise<Finding[]> {
  const problems = [
    ...(await scheduleProblems(ground)),
    ...gateProblems(ground),
    ...autoApplyProblems(ground),
    ...(await thoughtProblems(ground, roster)),
  ];
  return problems.map(({ at, hint, severity, ...words }) => {
    const issue = { line: ground.settingLine(at), field: at.join('.'), ...words };
    return issueFinding('policy', SETTINGS_FILE, issue, hint, severity ?? 'error');
  });
}

async function scheduleProblems({ settings }: Ground): Promise<Problem[]> {
  const { loop } = settings.schedules;
  if (loop === undefined) return [];
  try {
    await parseSchedule(LOOP_SETTING, loop);
    return [];
  } catch (error) {
    if (!(error instanceof MillwrightError)) throw error;
    const [, found = error.message] = /, found (.*)$/s.exec(error.message) ?? [];
    const expected = 'a cron expression of five fields in UTC';
    return [{ at: ['schedules', 'loop'], expected, found, hint: error.hint ?? '' }];
  }
}

function gateProblems({ settings: { gate, agents } }: Ground): Problem[] {
  if (gate.agent === undefined) return [];
  const at = ['gate', 'per_test_usd'];
  const broke = gate.per_test_usd === 0 ? [{ at, ...noMoney, severity: 'warning' as const }] : [];
  try {
    readPreset(gate.agent, agents);
    return broke;
  } catch (error) {
    if (!(error instanceof MillwrightError)) throw error;
    const agent = { at: ['gate', 'agent'], expected: 'an agent that can be run', found: error.message };
    return [...broke, { ...agent, hint: error.hint ?? 'millwright work --help names the agents' }];
  }
}

const noMoney = {
  expected: 'something to spend on the test of a patch',
  found: '0, so that no replay that costs anything is begun',
  hint: 'raise it, or take gate.agent away: patches are then offered as not tested',
};

/** Only a patch whose test says "improved" is ever merged without a person. */
function autoApplyProblems({ settings: { auto_apply: policy, gate } }: Ground): Problem[] {
  if (!policy.enabled) return [];
  const idle = (field: string, expected: string, found: string): Problem => ({
    at: ['auto_apply', field],
    expected,
    found: `${found}: nothing is ever merged without a person`,
    hint: 'state/README.md describes auto_apply; auto_apply.enabled: false says the same more clearly',
    severity: 'warning',
  });
  return [
    ...(policy.deltas.length === 0 ? [idle('deltas', 'the sorts of delta that may be merged', 'none')] : []),
    ...(policy.max_per_day === 0 ? [idle('max_per_day', 'at least 1', '0')] : []),
    ...(gate.agent === undefined ? [idle('enabled', 'gate.agent, which tests patches', 'none is set')] : []),
  ];
}

async function thoughtProblems(
  { settings: { thoughts }, snapshot }: Ground,
  roster: readonly PersonaRead[],
): Promise<Problem[]> {
  const persona = roster.find((read) => read.ok && read.file.persona.id === thoughts.persona);
  const unread = roster.some((read) => !read.ok && read.path === `${PERSONAS}/${thoughts.persona}.yaml`);
  if (persona !== undefined || unread || (await snapshot.list(PERSONAS)).length === 0) return [];
  const hint = `add ${PERSONAS}/${thoughts.persona}.yaml, or name another persona`;
  const found = JSON.stringify(thoughts.persona);
  return [
    { at: ['thoughts', 'persona'], expected: 'a persona of the roster', found, hint, severity: 'warning' },
  ];
}
