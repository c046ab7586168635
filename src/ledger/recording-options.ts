import type { RecordingOptions } from './record-contracts.ts';
import type { RecordIndex } from './record-index.ts';
import type { Workspace } from './workspace.ts';

/** How contracts are recorded in this workspace, as of now. */
export function recordingOptions(workspace: Workspace, index: RecordIndex): RecordingOptions {
  const { clock, settings, followUps } = workspace;
  const segmentBytes = settings.limits.segment_bytes;
  return { index, recordedAt: clock.now(), segmentBytes, followUps };
}
