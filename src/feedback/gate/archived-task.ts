import type { WorkSlot } from '../../contracts/work.ts';

/** A task of the past that can be set again. */
export interface ArchivedTask extends Pick<WorkSlot, 'prompt' | 'variables'> {
  /** Of this very task: a variant has its own. */
  readonly taskId: string;
  /** What it is a part of, by which the tasks are split. */
  readonly group: string;
  readonly domain: string | null;
  /** The command that judges the result; undefined: the task has none. */
  readonly smoke: string | undefined;
  /** A model that the task itself asked for: no route of the persona changes it. */
  readonly model: string | undefined;
  /** The commit that the work came to, where a record tells. */
  readonly commit: string | null;
}

/** What the past of a persona holds for tests. */
export interface Archive {
  readonly tasks: readonly ArchivedTask[];
  /** USD a run on the average; null when no run told. */
  readonly meanCost: number | null;
}
