import { type Explanation, explanation } from '../../contracts/explanation.ts';
import type { Entry } from '../../contracts/record.ts';
import type { Oid } from '../../git/repository.ts';
import { stateFolder } from '../../ledger/paths.ts';
import type { Workspace } from '../../ledger/workspace.ts';
import { readRecords } from '../read-records.ts';

export type ExplanationEntry = Entry & Explanation;

/** The last answer, by workspace: the same folder holds the same explanations. */
const lastRead = new WeakMap<Workspace, { folder: Oid; explanations: Map<string, ExplanationEntry> }>();

/** The explanation of each finding that has one, by the id of the recommendation. The newest counts. */
export async function readExplanations(workspace: Workspace): Promise<ReadonlyMap<string, ExplanationEntry>> {
  const { snapshot } = await workspace.log.tip();
  const folder = (await snapshot.entry(stateFolder(explanation.name)))?.oid;
  if (folder === undefined) return new Map();
  const last = lastRead.get(workspace);
  if (last?.folder === folder) return last.explanations;
  const entries = await readRecords<Explanation>(snapshot, explanation);
  const explanations = new Map(entries.map((entry) => [entry.recommendation_id, entry]));
  lastRead.set(workspace, { folder, explanations });
  return explanations;
}
