import { type Tier, tier as tierName } from '../contracts/llm-settings.ts';
import { MillwrightError } from '../contracts/millwright-error.ts';
import type { BudgetsToday } from '../llm/budgets/read-budgets.ts';
import type { TierProbe } from '../llm/probe-tiers.ts';
import type { CommandDefinition } from './command.ts';
import { exitCodeOf } from './exit-codes.ts';
import { lookAtWorkspace, print, withWorkspace } from './with-workspace.ts';

interface TestReport {
  readonly tiers: readonly TierProbe[];
  readonly budgets: BudgetsToday;
  readonly hint?: string;
}

export const llmTest: CommandDefinition = {
  name: 'test',
  summary: 'ask every tier something tiny',
  description:
    'Says in one screen which tiers are set, to what model, whether its key is there, how long an answer took and what it cost, and what the budgets have left today. Each answer is at most 16 tokens long, and goes on record like any other call.',
  options: [
    { flags: '--tier <name>', text: 'only this one: brain, sub or local' },
    { flags: '--no-call', text: 'ask nobody, only say how things are set' },
  ],
  examples: [
    'millwright llm test',
    'millwright llm test --tier brain --json',
    'millwright llm test --no-call',
  ],
  exits: ['10 no workspace here', '12 a key or a login is missing or refused'],
  run: async ({ folder, options }, io) => {
    const tiers = options.tier === undefined ? undefined : [tierOf(String(options.tier))];
    const call = options.call !== false;
    const openFor = call ? withWorkspace : lookAtWorkspace;
    return openFor(folder, io, async (context) => {
      const { probeTiers } = await import('../llm/probe-tiers.ts');
      const { readBudgets } = await import('../llm/budgets/read-budgets.ts');
      const only = tiers === undefined ? {} : { tiers };
      const probes = await probeTiers(context, { call, env: io.env, signal: io.signal, ...only });
      const budgets = await readBudgets(context.workspace);
      const isSet = probes.some(({ model }) => model !== null);
      const report = { tiers: probes, budgets, ...(isSet ? {} : { hint: example(probes[0]?.tier) }) };
      print<TestReport>(io, report, describe);
      return exitCode(probes, tiers !== undefined);
    });
  },
};

function tierOf(word: string): Tier {
  const known = tierName.safeParse(word);
  if (known.success) return known.data;
  throw new MillwrightError('usage', `expected a tier, found ${JSON.stringify(word)}`, {
    hint: `the tiers are ${tierName.options.join(', ')}`,
  });
}

function example(tier: Tier = 'brain'): string {
  return `write into millwright.yaml, for example: llm: {tiers: {${tier}: anthropic/claude-sonnet-5-5}}; or claude/sonnet; or for a model of this machine llm: {tiers: {local: openai/<its name>}}`;
}

/** A tier that is not set is no failure, unless it was asked for or none is set at all. */
function exitCode(probes: readonly TierProbe[], asked: boolean): number {
  const meant = probes.filter(({ model }) => asked || model !== null);
  const bad = meant.filter(({ result }) => result !== 'ok' && result !== 'ready');
  if (bad.length === 0) return meant.length === 0 ? 1 : 0;
  return bad.some(({ credentials }) => credentials) ? exitCodeOf('remote-credentials') : 1;
}

function describe({ tiers, budgets, hint }: TestReport): string {
  const { per_day: day, per_persona: persona, per_pass_usd: pass } = budgets;
  const spent = Object.entries(persona.personas).map(
    ([id, { left_usd: left }]) => `  ${id}: ${usd(left)} of ${usd(persona.limit_usd)} left today`,
  );
  return [
    ...tiers.flatMap(describeTier),
    '',
    `budgets  ${usd(pass)} a pass; ${usd(day.left_usd)} of ${usd(day.limit_usd)} left today (UTC); ${usd(persona.limit_usd)} a persona and day`,
    ...spent,
    ...(hint === undefined ? [] : [`hint: ${hint}`]),
  ].join('\n');
}

function describeTier(probe: TierProbe): string[] {
  const { tier, model, key, price, result, reason, hint } = probe;
  if (model === null) return [`${tier.padEnd(6)} not set`];
  const cost =
    price === null ? '' : `, ${usd(price.input)} in and ${usd(price.output)} out per million tokens`;
  const keyWords = key === null ? '' : `, key: ${key}`;
  const took =
    probe.latency_ms === undefined
      ? ''
      : ` in ${probe.latency_ms} ms, ${probe.input_tokens} tokens in, ${probe.output_tokens} out, cost ${probe.cost_usd == null ? 'not known' : usd(probe.cost_usd)}`;
  return [
    `${tier.padEnd(6)} ${model}${keyWords}${cost}`,
    `       ${result === 'not_configured' ? 'not ready' : result}${result === 'ok' ? took : ''}${reason === undefined ? '' : `: ${reason}`}`,
    ...(hint === undefined ? [] : [`       hint: ${hint}`]),
  ];
}

/** Small amounts keep two digits that say something. */
function usd(amount: number): string {
  return `$${amount === 0 || amount >= 0.01 ? amount.toFixed(2) : Number(amount.toPrecision(2))}`;
}
