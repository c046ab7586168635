import type { z } from 'zod';

/** What a contract of one kind looks like and how its file is read. */
export interface Kind {
  /** Folder name under `queue/inbox/` and `state/`, and the record's `kind`. */
  readonly name: string;
  readonly summary: string;
  readonly schemaVersion: number;
  /** The kind's own fields. Strict: an unknown field is an error, `extra` takes the rest. */
  readonly fields: z.ZodObject;
  /** An own field that repeats the record's id, as the contract's other readers expect it. */
  readonly idField?: string;
  /** The field that takes the text under the front matter of a markdown contract. */
  readonly bodyField?: string;
}

/** Keeps the precise type of the fields while checking the shape of the rest. */
export function defineKind<K extends Kind>(kind: K): K {
  return kind;
}
