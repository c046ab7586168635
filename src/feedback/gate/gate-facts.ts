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
  /** The git object of its file: of the time when the replays began, else of now. */
  readonly personaFile: string | undefined;
  /** The persona's file is no longer the one that its replays began with. */
  readonly edited: boolean;
  /** Why the archived tasks say nothing of it; undefined: nothing that suggested it has seen them. */
  readonly notApart: string | undefined;
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
