import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { type HistoryOptions, type OpenHistory, openHistory } from '../../src/history/open-history.ts';
import { rowsOf } from '../../src/history/rows.ts';
import type { BadLine } from '../../src/ledger/segments.ts';
import { openWorkspace } from '../../src/ledger/workspace.ts';
import { type GitFolder, gitFolder } from '../support/git-folder.ts';

/** A repository with a history, and ways to change it as people and passes do. */
export interface HistoryFolder extends AsyncDisposable {
  readonly folder: GitFolder;
  readonly cache: string;
  /** Writes files, or removes those whose content is null, and commits. */
  commit(files: Readonly<Record<string, string | Buffer | null>>): Promise<void>;
  /** Deletes the projection. */
  forget(): Promise<void>;
  /** The segments that the file of the projection holds. */
  held(): Promise<{ path: string }[]>;
  /** Makes another folder the cache. */
  placeCache(path: string): Promise<void>;
  /** Runs a statement on the file of the projection itself, as a foreign hand would. */
  change(sql: string): Promise<void>;
  open(): Promise<OpenHistory & { readonly bad: readonly BadLine[] }>;
  openWith(options: Partial<HistoryOptions>): Promise<OpenHistory>;
  /** A clone of it in a folder of this name. */
  cloneInto(name: string): Promise<HistoryFolder>;
  /** Opens the history, asks, and closes it. */
  ask<Row>(sql: string): Promise<{ rows: Row[]; bad: readonly BadLine[]; inMemory: string | undefined }>;
}

export async function historyFolder(files: Readonly<Record<string, string>> = {}): Promise<HistoryFolder> {
  const folder = await gitFolder({ 'millwright.yaml': '', '.gitignore': '.millwright/\n', ...files });
  return historyAt(folder, folder.dir);
}

async function historyAt(folder: GitFolder, dir: string): Promise<HistoryFolder> {
  const workspace = await openWorkspace(dir);
  let { cache } = workspace;
  const open = async () => {
    const bad: BadLine[] = [];
    const { snapshot } = await workspace.log.tip();
    const onBadLine = (line: BadLine) => bad.push(line);
    const options = { cache, workTree: workspace.root, onBadLine };
    return { ...(await openHistory(snapshot, options)), bad };
  };
  return {
    folder,
    cache: workspace.cache,
    open,
    openWith: async (more) => {
      const { snapshot } = await workspace.log.tip();
      return openHistory(snapshot, { cache, workTree: workspace.root, onBadLine: () => undefined, ...more });
    },
    cloneInto: async (name) => {
      await folder.git('clone', '-q', '.', join(dir, name));
      return historyAt(folder, join(dir, name));
    },
    commit: async (changed) => {
      for (const [path, text] of Object.entries(changed)) {
        if (text === null) await rm(join(folder.dir, path));
        else if (typeof text === 'string') await folder.write(path, text);
        else {
          await folder.write(path, '');
          await writeFile(join(folder.dir, path), text);
        }
      }
      await folder.git('add', '--all');
      await folder.git('commit', '-q', '-m', 'Change the history');
    },
    forget: () => rm(cache, { recursive: true, force: true }),
    held: async () => {
      const instance = await DuckDBInstance.create(join(cache, 'history.duckdb'), {
        access_mode: 'READ_ONLY',
      });
      const connection = await instance.connect();
      const rows = await rowsOf<{ path: string }>(connection, 'SELECT path FROM _segments');
      connection.closeSync();
      instance.closeSync();
      return rows;
    },
    placeCache: async (path) => {
      cache = path;
    },
    change: async (sql) => {
      const instance = await DuckDBInstance.create(join(cache, 'history.duckdb'));
      const connection = await instance.connect();
      await connection.run(sql);
      connection.closeSync();
      instance.closeSync();
    },
    ask: async <Row>(sql: string) => {
      const { connection, bad, inMemory, close } = await open();
      try {
        return { rows: await rowsOf<Row>(connection, sql), bad, inMemory };
      } finally {
        close();
      }
    },
    [Symbol.asyncDispose]: async () => {
      workspace.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

export const segment = (number: number, kind = 'outcome') =>
  `state/${kind}/2026-11/${String(number).padStart(4, '0')}.jsonl`;

/** An outcome as a line of a segment. */
export function outcomeLine(id: string, fields: Readonly<Record<string, unknown>> = {}): string {
  const record = {
    id,
    kind: 'outcome',
    schema_version: 1,
    recorded_at: '2026-11-21T03:20:50.114Z',
    source: 'test',
    idea_id: `idea of ${id}`,
    outcome: 'accepted',
    ...fields,
  };
  return `${JSON.stringify(record)}\n`;
}

export function outcomeLines(prefix: string, count: number): string {
  return Array.from({ length: count }, (_, at) => outcomeLine(`${prefix}-${at}`)).join('');
}
