import type { Placed } from './evidence.ts';
import type { EndState, SlotStatement } from './statements.ts';
import type { Violation } from './violation.ts';

/** How a life of a slot ended. */
export interface RecordedEnd {
  readonly event: EndState;
  readonly token: number;
  readonly where: string;
}

/** What the records make of one slot. */
export interface Replay {
  /** The last token that was given out; 0: none was. */
  readonly last: number;
  readonly claims: number;
  /** How the present life ended; undefined: it has not, or none began. */
  readonly end: RecordedEnd | undefined;
  /** The ends of all lives: more than one only when it was revived. */
  readonly ends: readonly RecordedEnd[];
  readonly violations: readonly Violation[];
}

type Fault = Pick<Violation, 'rule' | 'expected'>;

interface State {
  last: number;
  claims: number;
  holder: SlotStatement | undefined;
  before: SlotStatement | undefined;
  end: RecordedEnd | undefined;
}

/** Replays the records of one slot, in the order in which they were appended. Pure. */
export function judgeRecords(slot: string, events: readonly Placed<SlotStatement>[]): Replay {
  const state: State = { last: 0, claims: 0, holder: undefined, before: undefined, end: undefined };
  const violations: Violation[] = [];
  const ends: RecordedEnd[] = [];
  for (const { said, where } of events) {
    const faults = faultsOf(state, said);
    violations.push(...faults.map((fault) => ({ ...fault, slot, where, found: say(said) })));
    const fresh = step(state, said, where);
    if (fresh !== undefined) ends.push(fresh);
  }
  const at = events.at(-1);
  const open = at !== undefined && state.end === undefined && at.said.event !== 'revived';
  if (open)
    violations.push({
      rule: 'lost-end',
      slot,
      where: at.where,
      found: say(at.said),
      expected: 'an end after it',
    });
  return { last: state.last, claims: state.claims, end: state.end, ends, violations };
}

function faultsOf(state: State, next: SlotStatement): Fault[] {
  if (state.end !== undefined) return afterEnd(state.end, next);
  if (next.event === 'revived') return [{ rule: 'impossible-step', expected: 'an event of a living slot' }];
  if (next.event === 'claimed') return ofNewClaim(state, next);
  return state.holder === undefined ? ofNobody(state, next) : ofHolder(state.holder, next);
}

function afterEnd(end: RecordedEnd, next: SlotStatement): Fault[] {
  const revival = next.event === 'revived' && end.event === 'dead';
  if (revival) return next.token === end.token ? [] : [wrongToken(end.token)];
  const givenUp = next.event === 'cancelled' && end.event === 'dead';
  if (givenUp) return next.token === end.token ? [] : [wrongToken(end.token)];
  const rule = isEnd(next.event) ? 'ended-twice' : 'after-the-end';
  return [{ rule, expected: `nothing after ${end.event} with token ${end.token}` }];
}

function ofNewClaim({ last, holder }: State, { token }: SlotStatement): Fault[] {
  return [
    ...(token === last + 1 ? [] : [{ rule: 'token-not-next', expected: `token ${last + 1}` }]),
    ...(holder === undefined ? [] : [{ rule: 'two-holders', expected: `an end of ${say(holder)} first` }]),
  ];
}

function ofHolder(holder: SlotStatement, next: SlotStatement): Fault[] {
  if (next.token !== holder.token) return [wrongToken(holder.token)];
  return next.worker_id === holder.worker_id
    ? []
    : [{ rule: 'foreign-write', expected: `the holder: ${say(holder)}` }];
}

/** Nobody holds the slot. It may leave with its item; and a lease that ran out may have been one too many. */
function ofNobody({ last, before }: State, { event, token, commit }: SlotStatement): Fault[] {
  const died = event === 'dead' && before?.event === 'expired' && before.commit === commit;
  if (event !== 'cancelled' && !died) return [{ rule: 'impossible-step', expected: 'a claim before it' }];
  return token === last ? [] : [wrongToken(last)];
}

/** Brings the state up to date, whether the step was right or not. Returns an end of a life. */
function step(state: State, said: SlotStatement, where: string): RecordedEnd | undefined {
  const { event, token } = said;
  state.before = said;
  if (event === 'claimed') Object.assign(state, { last: token, holder: said, claims: state.claims + 1 });
  else if (event !== 'renewed') state.holder = undefined;
  if (event === 'revived') Object.assign(state, { end: undefined, last: token });
  // With its item a dead slot is given up: the same life, ended for good.
  const givenUp = event === 'cancelled' && state.end?.event === 'dead';
  if (!isEnd(event) || (state.end !== undefined && !givenUp)) return undefined;
  state.end = { event, token, where };
  return state.end;
}

function isEnd(event: SlotStatement['event']): event is EndState {
  return event === 'shipped' || event === 'failed' || event === 'dead' || event === 'cancelled';
}

function wrongToken(expected: number): Fault {
  return { rule: 'wrong-token', expected: `token ${expected}` };
}

function say({ event, token, worker_id = 'nobody' }: SlotStatement): string {
  return `${event} with token ${token} by ${worker_id}`;
}
