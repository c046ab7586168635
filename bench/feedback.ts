import { canarySuite, canaryText } from './feedback/canary-suite.ts';
import { gateSuite, gateText } from './feedback/gate-suite.ts';
import { holdOutSuite } from './feedback/hold-out-suite.ts';
import { holdOutText } from './feedback/hold-out-text.ts';
import { shareText } from './feedback/share.ts';
import { tableText } from './table-text.ts';

/**
 * What the feedback loop decides in worlds in which the truth is known: `npm run eval:feedback [-- --quick --json]`.
 * No network, no model, no build. Simulated: an upgrade after its merge, a patch before its merge, by the product's own
 * decisions, by the rules of the first design (weekly mean, mean of 30 tasks), by nobody and by one who knows the truth. On recorded outcomes: routing learnt from one half of 500 instances and tried on the other.
 *
 * The seeds are N to N + R - 1; `--seed N` sets N, by default 1. They give the same figures on every machine. What the
 * worlds assume (200 runs before the merge, replays that differ on a third of the tasks) was chosen on seeds from
 * 1,000,000 on. The rules have nothing that was tuned here. Quick: fewer episodes and splits.
 */
const quick = process.argv.includes('--quick');
const json = process.argv.includes('--json');
const seeds = { first: seedOf(process.argv), episodes: quick ? 1_500 : 4_000 };
const splits = quick ? 40 : 200;

const since = performance.now();
const seconds = () => (performance.now() - since) / 1_000;
const say = (text: string) => process.stderr.write(`${text}\n`);

function seedOf(args: readonly string[]): number {
  const at = args.indexOf('--seed');
  const seed = at === -1 ? 1 : Number(args[at + 1]);
  if (!Number.isSafeInteger(seed) || seed < 0) throw new Error('--seed takes an integer >= 0');
  return seed;
}

const last = seeds.first + seeds.episodes - 1;
say(
  `\nPatch gate, simulated: seeds ${seeds.first} to ${last}, R = ${seeds.episodes}, baseline 60 % of the tasks\n`,
);
const gate = gateSuite(seeds);
say(gateText(gate));
say(
  `\nPersona canary, simulated: seeds ${seeds.first} to ${last}, R = ${seeds.episodes}, baseline 75 %, 300 runs, 200 before them\n`,
);
const canary = canarySuite(seeds);
say(canaryText(canary));
say('\nRouting learnt from half of the instances, replayed on recorded outcomes (no seed)\n');
const holdOut = await holdOutSuite(splits);
say(holdOutText(holdOut));

const rows = [...canary.acceptance, ...gate.acceptance];
const head = [
  'suite, simulated',
  'metric',
  `found [95 %], R = ${seeds.episodes}`,
  'target',
  'held',
  'whole interval',
];
const table = rows.map(({ suite, metric, found, target, atLeast, pass, clear }) => [
  suite,
  metric,
  shareText(found),
  `${atLeast ? '>=' : '<='} ${target}`,
  pass ? 'yes' : 'NO',
  clear ? 'yes' : 'no',
]);
say(`\nAcceptance${quick ? ' (quick)' : ''}\n${tableText([head, ...table])}\n${seconds().toFixed(0)} s`);

const pass = rows.every((row) => row.pass);
const result = {
  pass,
  quick,
  seeds: { first: seeds.first, last, episodes: seeds.episodes },
  acceptance: rows,
  canary: { label: 'simulated', figures: canary.figures },
  gate: { label: 'simulated', differing: gate.differing, figures: gate.figures },
  hold_out: { label: 'replayed on recorded outcomes', ...holdOut },
  seconds: seconds(),
};
const rounded = (_: string, value: unknown) =>
  typeof value === 'number' ? Math.round(value * 10_000) / 10_000 : value;
if (json) process.stdout.write(`${JSON.stringify(result, rounded)}\n`);
if (!pass) process.exitCode = 1;
