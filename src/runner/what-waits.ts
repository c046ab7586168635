import type { HeldBack } from '../feedback/explain/attempts.ts';
import type { ModelStanding } from '../feedback/explain/model-standing.ts';
import type { ProposalReport } from '../ledger/controller.ts';
import type { ScheduleStanding } from './schedules/read-schedules.ts';

/** Something that does not move by itself: who has to do what, and why. */
export interface Wait {
  readonly what: string;
  readonly who: string;
  readonly why: string;
  readonly hint: string;
}

export interface WaitFacts {
  readonly inbox: number;
  readonly rejected: number;
  readonly recommendations: Readonly<Record<string, number>>;
  readonly proposals: readonly ProposalReport[];
  /** Why the forge could not be asked about proposals. */
  readonly forge_problem: { readonly message: string; readonly hint: string } | null;
  readonly bad_personas: readonly string[];
  /** Slots that failed too often. */
  readonly dead: number;
  /** Research signals that nobody has looked at. */
  readonly signals: number;
  /** Whether a model answers; what waits for one says why it waits. */
  readonly model: ModelStanding;
  /** Merged patches that look harmful, by id. */
  readonly alerts: readonly string[];
  readonly schedules: readonly Pick<ScheduleStanding, 'schedule' | 'problem' | 'last'>[];
}

function unanswered(problem: WaitFacts['forge_problem']): Wait[] {
  if (problem === null) return [];
  return [{ what: 'all proposals', who: 'the forge', why: problem.message, hint: problem.hint }];
}

/** What waits for whom. Pure: every state that a pass cannot leave by itself has its line here. */
export function whatWaits(facts: WaitFacts): Wait[] {
  const { inbox, rejected, recommendations, proposals, bad_personas: badPersonas, dead } = facts;
  return [
    ...unanswered(facts.forge_problem),
    ...counted(
      inbox,
      'contracts in the inbox',
      'a pass',
      'nobody has looked at them yet',
      'millwright run --once',
    ),
    ...counted(
      rejected,
      'rejected contracts',
      'whoever dropped them',
      'they could not be accepted',
      'each has a page under queue/rejected that says why',
    ),
    ...counted(
      recommendations.waiting ?? 0,
      'recommendations without deltas',
      'a model, or a person',
      ...modelWords(facts.model, facts.model.findings, NO_DELTAS, [
        'drop a recommendation with suggested_change.deltas',
      ]),
    ),
    ...counted(
      recommendations.unexplained ?? 0,
      'recommendations that no model could explain',
      'a person',
      'no draft could be used; the explanation record says why',
      'drop a recommendation with suggested_change.deltas',
    ),
    ...counted(
      facts.signals,
      'research signals that nobody has looked at',
      'a model',
      ...modelWords(facts.model, facts.model.signals, 'what they mean takes judgement', []),
    ),
    ...counted(
      recommendations['no-persona'] ?? 0,
      'recommendations for a persona that cannot be read',
      'a person',
      'the persona is not on the roster or breaks its schema',
      'add or correct the file in personas/',
    ),
    ...counted(
      recommendations.pending ?? 0,
      'recommendations that no patch carries yet',
      'an open patch of the persona, or a pass',
      'a persona has one open patch at a time',
      'millwright upgrade --dry-run says why',
    ),
    ...counted(
      dead,
      'dead slots',
      'a person',
      'they failed too often; queue/dead says why',
      'millwright queue revive gives one another life, millwright queue cancel gives its item up',
    ),
    ...badPersonas.map((path) => ({
      what: path,
      who: 'a person',
      why: 'it breaks the schema of a persona',
      hint: 'millwright doctor names the lines',
    })),
    ...facts.alerts.map((id) => ({
      what: `the merged patch ${id}`,
      who: 'a person',
      why: 'it looks harmful, and it is not certain yet',
      hint: `millwright effects --patch ${id}`,
    })),
    ...facts.schedules.flatMap(scheduleWait),
    ...proposals.flatMap(waitOf),
  ];
}

const NO_DELTAS = 'data shows that something is wrong, not what to change';

/** Why a model has not answered yet, and what helps. */
function modelWords(
  { problem }: ModelStanding,
  held: HeldBack | null,
  need: string,
  others: readonly string[],
): [string, string] {
  const hint = (words: string) => [words, ...others].join(', or ');
  if (problem?.named === true) return [`${need}, and ${problem.reason}`, hint(problem.hint)];
  if (problem !== null) return [need, hint(`${problem.hint}, then millwright run --once`)];
  if (held === null) return [`${need}, and no model has answered yet`, hint('millwright run --once')];
  const words = `a pass asks again after ${held.until}; millwright loop asks at once`;
  return [`${need}, and the last question was not answered: ${held.reason}`, hint(words)];
}

function scheduleWait({ schedule, problem, last }: WaitFacts['schedules'][number]): Wait[] {
  const what = `the schedule of the ${schedule}`;
  if (problem !== null) return [{ what, who: 'a person', why: problem, hint: 'correct millwright.yaml' }];
  if (last?.state !== 'failed') return [];
  const why = `its last run failed: ${last.error ?? 'nobody knows why'}`;
  return [{ what, who: 'a person', why, hint: `millwright ${schedule}` }];
}

function counted(n: number, what: string, who: string, why: string, hint: string): Wait[] {
  return n === 0 ? [] : [{ what: `${n} ${what}`, who, why, hint }];
}

function waitOf({ proposal_id: what, result, detail }: ProposalReport): Wait[] {
  switch (result) {
    case 'unchanged':
      return [{ what, who: 'a reviewer', why: 'it is open', hint: `millwright review show ${what}` }];
    case 'testing':
      return [
        {
          what,
          who: 'a worker',
          why: `its replays are not done: ${detail ?? 'none so far'}`,
          hint: 'millwright work --kinds patch --agent claude does them, with the agent of gate.agent',
        },
      ];
    case 'edited-by-human':
      return [
        {
          what,
          who: 'a reviewer',
          why: 'somebody else works on its branch, so Millwright leaves it alone',
          hint: 'merge the branch, or reject the proposal',
        },
      ];
    case 'stuck':
      return [
        {
          what,
          who: 'a reviewer',
          why: detail ?? 'its change no longer applies to the base branch',
          hint: 'reject it; the next analysis starts from what is there now',
        },
      ];
    case 'closed-by-bot':
      return [
        {
          what,
          who: 'a person',
          why: `${detail ?? 'a program closed it'}: that is nobody's answer`,
          hint: 'reopen it, reject it with millwright review reject, or tick its box on the dashboard',
        },
      ];
    case 'orphaned':
      return [
        {
          what,
          who: 'a person',
          why: detail ?? 'it is open, and no record stands behind it',
          hint: 'close it when it is of no use; its branch is left alone',
        },
      ];
    case 'capped':
      return [
        {
          what,
          who: 'a reviewer',
          why: 'enough proposals are open, or were opened today',
          hint: 'decide on the open ones, or raise proposals.max_open',
        },
      ];
    default:
      return [
        {
          what,
          who: 'a pass',
          why: `it is ${result}, and the next pass acts on that`,
          hint: 'millwright run --once',
        },
      ];
  }
}
