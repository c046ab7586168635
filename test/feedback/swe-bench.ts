import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { outcome } from '../../src/contracts/outcome.ts';
import { importFile } from '../../src/ledger/import-file.ts';
import { parseMapping } from '../../src/ledger/mapping.ts';
import { type Workshop, type WorkshopOptions, workshop } from '../forge/workshop.ts';

const data = (name: string) => fileURLToPath(new URL(`../../src/cli/demo-data/${name}`, import.meta.url));

/** A line of the shipped outcomes, as it is published. */
export interface ShippedOutcome {
  readonly model: string;
  readonly instance_id: string;
  readonly repo: string;
  readonly resolved: boolean;
  readonly cost_usd: number;
}

/** The 2,000 shipped outcomes, read without any of our own code. */
export const shipped: readonly ShippedOutcome[] = readFileSync(
  data('swe-bench-verified-outcomes.jsonl'),
  'utf8',
)
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as ShippedOutcome);

/** Pairs of two models in some repositories, counted one by one. */
export function pairsOf(candidate: string, other: string, repos: (repo: string) => boolean) {
  const attempts = (model: string) =>
    new Map(
      shipped
        .filter((line) => line.model === model && repos(line.repo))
        .map((line) => [line.instance_id, line.resolved]),
    );
  const [ours, theirs] = [attempts(candidate), attempts(other)];
  const both = [...ours].flatMap(([id, ok]) =>
    theirs.has(id) ? [[ok, theirs.get(id) === true] as const] : [],
  );
  return {
    pairs: both.length,
    wins: both.filter(([ok, other]) => ok && !other).length,
    losses: both.filter(([ok, other]) => !ok && other).length,
  };
}

/** A workshop that holds the shipped outcomes, imported as the demo imports them. */
export async function sweBenchShop(options: WorkshopOptions = {}): Promise<Workshop> {
  const shop = await workshop(options);
  await shop.run(async ({ workspace, index }) => {
    const rules = parseMapping('swe-bench.map.yaml', await readFile(data('swe-bench.map.yaml')));
    const file = data('swe-bench-verified-outcomes.jsonl');
    const rejectsFile = join(workspace.cache, 'rejected.jsonl');
    const report = await importFile(workspace, index, { file, kind: outcome, rules, rejectsFile });
    if (report.added !== 2_000) throw new Error(`expected 2,000 outcomes, found ${JSON.stringify(report)}`);
  });
  return shop;
}
