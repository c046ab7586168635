import type { Patch } from '../../contracts/patch.ts';
import type { ReplayRun } from '../../contracts/patch-test.ts';
import type { Persona } from '../../contracts/persona.ts';
import type { Settings } from '../../contracts/settings.ts';
import type { Replay } from '../../contracts/work.ts';
import type { Archive } from './archived-task.ts';

/** The replays of one stage, as a whole. */
export interface StageFacts {
  readonly itemId: string;
  readonly begunAt: Date;
  /** How many replays it was given. */
  readonly replays: number;
  /** True while it is in the queue. */
  readonly live: boolean;
  /** Why somebody has cancelled it. */
  readonly cancelled?: string;
}

/** All that the test of one patch is planned from. */
export interface GateFacts {
  readonly patch: Pick<Patch, 'persona_id' | 'from_version' | 'component' | 'deltas' | 'predicted_effect'>;
  /** As it is on the base; undefined when it is gone or cannot be read. */
  readonly persona: Persona | undefined;
  /** The base has changed the persona's file since its replays began. */
  readonly edited: boolean;
  readonly settings: Settings['gate'];
  /** The command that judges every work without one of its own. */
  readonly smoke: string | undefined;
  readonly now: Date;
  /** Those that have begun. */
  readonly stages: Readonly<Partial<Record<Replay['stage'], StageFacts>>>;
  readonly runs: readonly ReplayRun[];
  /** Read when a stage is to begin, and not before: undefined until then. */
  readonly archive: Archive | undefined;
}
