import { z } from 'zod';
import { kinds } from '../contracts/kinds.ts';
import { columnsOf } from './columns.ts';

export interface TableDescription {
  readonly name: string;
  /** What a row is, in one sentence. */
  readonly summary: string;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly text: string }[];
}

/** The table of each kind with its columns, in the words of the schemas. */
export function describeTables(): TableDescription[] {
  return kinds.map((kind) => ({
    name: kind.name,
    summary: kind.summary,
    columns: columnsOf(kind).map(({ name, type }) => {
      const repeats = name === kind.idField ? 'The id again.' : undefined;
      return { name, type, text: describedAs(kind.fields.shape[name]) ?? repeats ?? shared[name] ?? '' };
    }),
  }));
}

/** Read as the columns are, through the JSON Schema: a description survives being made optional there. */
function describedAs(field: unknown): string | undefined {
  if (!(field instanceof z.ZodType)) return undefined;
  return z.toJSONSchema(field, { io: 'input', unrepresentable: 'any' }).description;
}

/** What says the same in every kind that has it. */
const shared: Readonly<Record<string, string>> = {
  id: 'One record a kind; ids that Millwright makes sort by time.',
  kind: 'The kind of the record.',
  schema_version: 'Which schema the record fits.',
  recorded_at: 'When this workspace accepted it, UTC.',
  source: 'Where it came from: a file, an import, a controller.',
  emitted_at: 'When it happened, if that is not when it was recorded, UTC.',
  persona_id: 'The persona, by its id.',
  persona_version: 'The version of the persona.',
  session_id: 'The session or worker that it belongs to.',
  prompt_hash: 'Tells prompts apart without keeping them.',
  commit_hash: 'The commit that holds it.',
  item_id: 'The item of work.',
  slot_id: 'The slot: a part of an item that one worker does.',
  worker_id: 'The worker, by its id.',
  rationale: 'Why, in prose.',
  reason: 'Why, in words.',
  extra: 'Facts without a column of their own, as a flat map.',
};
