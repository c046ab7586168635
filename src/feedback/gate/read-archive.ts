import { findKind } from '../../contracts/kinds.ts';
import type { Contract, Entry } from '../../contracts/record.ts';
import type { Snapshot } from '../../git/snapshot.ts';
import { historyOptions } from '../../history/history-options.ts';
import { openHistory } from '../../history/open-history.ts';
import { queryText } from '../../history/query-text.ts';
import { rowsOf } from '../../history/rows.ts';
import { readEntries } from '../../ledger/read-entries.ts';
import type { Workspace } from '../../ledger/workspace.ts';
import type { Recipe, SlotDraft } from '../../queue/recipe.ts';
import type { Archive, ArchivedTask } from './archived-task.ts';

/** A row of `archived_tasks.sql`. */
interface TaskRow {
  readonly task_id: string;
  readonly group_id: string;
  readonly idea_id: string;
  readonly slot_id: string | null;
  readonly domain: string | null;
  readonly notes: string | null;
  readonly commit_hash: string | null;
  readonly mean_cost: number | null;
}

/**
 * The tasks of a persona that can be set again: work of the queue whose record its recipe splits into the same
 * slots anew, and tasks of imported outcomes, which are set by their name. What cannot be made again is left out.
 */
export async function readArchive(
  workspace: Workspace,
  recipes: readonly Recipe[],
  persona: string,
): Promise<Archive> {
  const { snapshot } = await workspace.log.tip();
  const rows = await readRows(workspace, snapshot, persona);
  const ours = new Set(rows.flatMap(({ slot_id, idea_id }) => (slot_id === null ? [] : [idea_id])));
  const drafts =
    ours.size === 0 ? new Map<string, SlotDraft>() : await slotDrafts(workspace, snapshot, recipes, ours);
  const tasks = rows.flatMap((row) => toTask(row, drafts.get(row.slot_id ?? '')));
  return { tasks, meanCost: rows[0]?.mean_cost ?? null };
}

async function readRows(workspace: Workspace, snapshot: Snapshot, persona: string): Promise<TaskRow[]> {
  // Bad lines are named by the analysis and by every question of a person.
  const history = await openHistory(snapshot, { ...historyOptions(workspace), onBadLine: () => undefined });
  try {
    return await rowsOf<TaskRow>(history.connection, await queryText('feedback/queries', 'archived_tasks'), {
      persona,
    });
  } finally {
    history.close();
  }
}

/** The slots that these pieces of work would be split into today, by id. */
async function slotDrafts(
  { settings }: Workspace,
  snapshot: Snapshot,
  recipes: readonly Recipe[],
  wanted: ReadonlySet<string>,
): Promise<Map<string, SlotDraft>> {
  const drafts = new Map<string, SlotDraft>();
  for (const recipe of recipes) {
    const entries = (await readEntries(snapshot, recipe.kind)).filter(({ id }) => wanted.has(id));
    for (const contract of entries.flatMap(toContract))
      for (const draft of recipe.split(contract, settings).slots) drafts.set(draft.slot_id, draft);
  }
  return drafts;
}

/** The record as the contract that it was; one that was edited by hand may be none any more. */
function toContract(entry: Entry): Contract[] {
  const kind = findKind(entry.kind);
  const { id, source } = entry;
  const own = Object.entries(entry).filter(([field]) => kind !== undefined && field in kind.fields.shape);
  const read = kind?.fields.safeParse(Object.fromEntries(own));
  return kind === undefined || read?.success !== true ? [] : [{ id, kind, source, fields: read.data }];
}

function toTask(row: TaskRow, draft: SlotDraft | undefined): ArchivedTask[] {
  const { task_id: taskId, group_id: group, domain, notes } = row;
  if (row.slot_id === null) {
    const variables = { task_id: taskId, domain: domain ?? '', notes: notes ?? '' };
    const unknown = { smoke: undefined, model: undefined, commit: null };
    return [{ taskId, group, ...unknown, domain, prompt: 'replay', variables }];
  }
  if (draft === undefined) return [];
  const { prompt, variables = {}, smoke, model } = draft;
  const own = { domain: draft.domain ?? null, prompt, variables, smoke, model };
  return [{ taskId, group, ...own, commit: row.commit_hash }];
}
