import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { outcome } from '../../src/contracts/outcome.ts';
import type { OutcomeFigures } from '../../src/feedback/read-outcomes.ts';
import { computeAnalysis } from '../../src/feedback/run-analysis.ts';
import { importFile } from '../../src/ledger/import-file.ts';
import { parseMapping } from '../../src/ledger/mapping.ts';
import { workshop } from '../../test/forge/workshop.ts';
import { recordedOutcomes } from './recorded-outcomes.ts';

const mapping = new URL('../../src/cli/demo-data/swe-bench.map.yaml', import.meta.url);

/** The figures of some instances the whole way round: imported into a fresh workspace, read from its history. */
export async function importedHalf(instances: readonly string[]): Promise<OutcomeFigures> {
  const chosen = new Set(instances);
  const lines = recordedOutcomes.filter(({ instance_id: id }) => chosen.has(id));
  await using shop = await workshop();
  return await shop.run(async (context) => {
    const { workspace, index } = context;
    const [file, rejectsFile] = ['half.jsonl', 'rejected.jsonl'].map((name) => join(workspace.cache, name));
    if (file === undefined || rejectsFile === undefined) throw new Error('no place for the lines');
    await mkdir(workspace.cache, { recursive: true });
    await writeFile(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const rules = parseMapping('swe-bench.map.yaml', await readFile(mapping));
    const report = await importFile(workspace, index, { file, kind: outcome, rules, rejectsFile });
    if (report.added !== lines.length) throw new Error(`${report.added} of ${lines.length} lines came in`);
    return (await computeAnalysis(context)).figures;
  });
}
