import type { Replay } from '../../contracts/work.ts';
import { estimateCost } from './estimate-cost.ts';
import type { GateFacts, StageFacts } from './gate-facts.ts';
import { judgeHeadroom } from './judge-headroom.ts';
import { judgePairs } from './judge-pairs.ts';
import { type PlannedStage, planStage } from './plan-stage.ts';
import { noPairs, spent, type TestFigures, untested } from './test-figures.ts';

/** What is to be done about the test of one patch. */
export type GateStep =
  /** The archive has to be read first; then it is planned again. */
  | { readonly step: 'look' }
  /** A stage begins. */
  | { readonly step: 'begin'; readonly stage: PlannedStage }
  /** Workers are at it. */
  | { readonly step: 'wait'; readonly done: number; readonly of: number }
  /** The verdict; the replays that are still in the queue are to be cancelled. */
  | { readonly step: 'conclude'; readonly figures: TestFigures };

const HOUR_MS = 3_600_000;

/**
 * The test of a patch before it is offered. Pure.
 *
 * A patch of words is first tested for *headroom*: the persona as it is tries some tasks three times. Where that
 * gains less than ten points there is nothing to be won, and the patch is refused. Then the *gate*: the old persona and
 * the patched one replay the same tasks, none of which the analysis or a model has seen that suggested the patch. Each stage is one
 * item in the queue, whose id follows from the patch; what workers find are records. So whenever a pass is
 * killed, the next one finds the same stage where it was. A stage ends when its item has left the queue, when
 * it has waited too long, cost too much, or been cancelled, or when the persona itself has changed meanwhile.
 */
export function planGate(facts: GateFacts): GateStep {
  const { gate, headroom } = facts.stages;
  const broken = whyBroken(facts, gate ?? headroom);
  if (broken !== undefined) return conclude(facts, untested(broken, facts.runs));
  if (gate !== undefined)
    return gate.live ? wait(facts, 'gate', gate) : conclude(facts, judgePairs(facts.runs));
  if (headroom === undefined) return begin(facts, undefined);
  if (headroom.live) return wait(facts, 'headroom', headroom);
  return judgeHeadroom(facts.runs).enough
    ? begin(facts, 'headroom')
    : conclude(facts, { ...noPairs, ...spent(facts.runs), ...noHeadroom(facts) });
}

function whyBroken(facts: GateFacts, now: StageFacts | undefined): string | undefined {
  const { patch, persona, settings } = facts;
  if (persona === undefined) return 'the persona cannot be read';
  if (persona.version !== patch.from_version)
    return `the persona is at ${persona.version} by now, and the patch was made for ${patch.from_version}`;
  if (facts.notApart !== undefined) return facts.notApart;
  if (facts.edited) return 'somebody has changed the persona while its replays were under way';
  if (now?.cancelled !== undefined) return `its replays were cancelled: ${now.cancelled}`.slice(0, 1_000);
  if (now === undefined || !now.live) return undefined;
  const done = runsOf(facts, facts.stages.gate === undefined ? 'headroom' : 'gate');
  const sofar = `${done} of ${now.replays} replays were done`;
  const waited = facts.now.getTime() - now.begunAt.getTime();
  if (waited >= settings.wait_hours * HOUR_MS) return `${sofar} in ${settings.wait_hours} h`;
  const { usd: cost } = estimateCost(facts.runs);
  if (done < now.replays && cost > settings.per_test_usd)
    return `${sofar} for ${about(facts)}$${cost.toFixed(2)}, and gate.per_test_usd allows $${settings.per_test_usd.toFixed(2)}`;
  return undefined;
}

function runsOf({ runs }: GateFacts, wanted: Replay['stage']): number {
  return runs.filter(({ stage }) => stage === wanted).length;
}

/** Where some told no cost the sum is a guess. */
function about({ runs }: GateFacts): string {
  return runs.every(({ cost_usd: cost }) => cost !== undefined) ? '' : 'about ';
}

function begin(facts: GateFacts, after: Replay['stage'] | undefined): GateStep {
  if (facts.archive === undefined) return { step: 'look' };
  const stage = planStage(facts, facts.archive, after, estimateCost(facts.runs).usd);
  return 'problem' in stage ? conclude(facts, untested(stage.problem, facts.runs)) : { step: 'begin', stage };
}

function wait(facts: GateFacts, stage: Replay['stage'], { replays }: StageFacts): GateStep {
  return { step: 'wait', done: Math.min(runsOf(facts, stage), replays), of: replays };
}

/** Whatever the verdict, what the first stage found is told with it. */
function conclude(facts: GateFacts, figures: TestFigures): GateStep {
  const { figures: headroom } = judgeHeadroom(facts.runs);
  const extra = { ...figures.extra, ...costNotes(facts) };
  const told = { ...figures, ...(Object.keys(extra).length === 0 ? {} : { extra }) };
  return { step: 'conclude', figures: headroom === undefined ? told : { ...told, headroom } };
}

/** Where not all told their cost: what it may have been, and whether the limit of the settings could hold. */
function costNotes({ runs }: GateFacts): TestFigures['extra'] {
  if (runs.every(({ cost_usd: cost }) => cost !== undefined)) return {};
  const { usd, unknown } = estimateCost(runs);
  if (unknown > 0) return { cost_note: 'cost not told' };
  return { estimated_cost_usd: Math.round(usd * 1e6) / 1e6 };
}

function noHeadroom({ runs }: GateFacts): Pick<TestFigures, 'verdict' | 'reason'> {
  const { pass_at_1: one = 0, best_of_3: three = 0, tasks = 0 } = judgeHeadroom(runs).figures ?? {};
  const share = (rate: number) => `${(rate * 100).toFixed(1)} %`;
  return {
    verdict: 'no_headroom',
    reason: `no headroom: on ${tasks} tasks the persona as it is solves ${share(one)} at the first try and ${share(three)} in three, less than 10 points more`,
  };
}
