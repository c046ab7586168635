import { markdownText } from '../../contracts/markdown-text.ts';
import type { PatchTest } from '../../contracts/patch-test.ts';
import { percent, sayP } from '../finding.ts';

/** What is known of the test of a patch when somebody reads about it. */
export interface TestFacts {
  /** None where there was no test. */
  readonly test?: PatchTest | undefined;
  /** The persona's file is no longer the one that was tested. */
  readonly hasChanged?: boolean;
  /** How far the replays are, while they run. */
  readonly testing?: string | undefined;
}

/**
 * What a reviewer reads about the test of a patch. Markdown, without a heading.
 * @param isRevert it takes a harmful patch back; those are not tested
 */
export function testSection({ test, hasChanged = false, testing }: TestFacts, isRevert: boolean): string {
  if (isRevert)
    return 'Not tested before merge: it takes back a change whose harm was measured on live work, which no replay knows better.';
  if (testing !== undefined) return `It is being tested: ${testing}. It is offered when they are.`;
  if (test === undefined)
    return `Not tested before merge: no replay was run, because no agent was set to run it when it was first offered (\`gate.agent\` in \`millwright.yaml\`). ${FIGURES}`;
  const parts = test.verdict === 'not_tested' ? [notTested(test)] : [verdict(test), figures(test)];
  const changed =
    hasChanged && test.verdict !== 'not_tested'
      ? 'Since this test the persona was changed by other hands; it says nothing of that.'
      : '';
  return [...parts, headroom(test), price(test), changed].filter((part) => part !== '').join('\n\n');
}

/** A recommendation may come with figures of its own, of a model, or with none. */
const FIGURES = 'Any figures above are of past work or a guess; none of them is of the patched persona.';

function notTested({ reason }: PatchTest): string {
  return `Not tested before merge: ${markdownText(reason)}. ${FIGURES}`;
}

const words = {
  improved:
    'Improved: on archived tasks that were kept from the analysis and the model that suggest changes, the patched persona does better.',
  worse: 'Worse: on archived tasks the patched persona does worse.',
  no_evidence:
    'No evidence: on archived tasks the test shows neither a gain nor a loss. That is no proof of either.',
  no_headroom: 'No headroom: trying again gains the persona too little for better words to matter.',
} as const;

function verdict({ verdict: said, reason }: PatchTest): string {
  return said === 'not_tested' ? '' : `**${words[said]}**\n\n${markdownText(capital(reason))}.`;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function figures(test: PatchTest): string {
  const { pairs, wins, losses, p_value: p, extra } = test;
  if (pairs === 0 || p === null) return '';
  const { accepted_old: before, accepted_new: after } = extra ?? {};
  const rates =
    typeof before === 'number' && typeof after === 'number'
      ? `| solved | ${before} (${percent(before, pairs)}) | ${after} (${percent(after, pairs)}) |\n`
      : '';
  return [
    `| ${pairs} tasks, each once on both sides | old | patched |\n|---|--:|--:|\n${rates}| solved by this side alone | ${losses} | ${wins} |`,
    `Wins : losses ${wins}:${losses}, one-sided sign test, ${sayP(p)}. ${interval(test)}`,
  ].join('\n\n');
}

function interval({ difference, difference_low: low, difference_high: high }: PatchTest): string {
  if (difference === null || low === null || high === null) return '';
  return `Difference ${points(difference)} points, 90 % interval ${points(low)} to ${points(high)} points.`;
}

function points(share: number): string {
  return `${share < 0 ? '' : '+'}${(share * 100).toFixed(1)}`;
}

function headroom({ headroom: found }: PatchTest): string {
  if (found === undefined) return '';
  const { tasks, pass_at_1: one, best_of_3: three } = found;
  const share = (rate: number) => `${(rate * 100).toFixed(1)} %`;
  return `Headroom: on ${tasks} other tasks the persona as it is solves ${share(one)} at the first try and ${share(three)} in three.`;
}

function price({ runs, cost_usd: cost, agent, extra }: PatchTest): string {
  if (runs === 0) return '';
  const by = agent === undefined ? '' : ` by ${markdownText(agent)}`;
  return `${runs} replays${by}, ${cost === null ? untold(extra?.estimated_cost_usd) : `$${cost.toFixed(2)}`}.`;
}

function untold(estimate: unknown): string {
  return typeof estimate === 'number'
    ? `about $${estimate.toFixed(2)}, not all of them told their cost`
    : 'cost not told, so gate.per_test_usd could not bound it';
}
