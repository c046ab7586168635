import { autoApply } from './auto-apply.ts';
import { effectDecision, effectMeasurement } from './effect.ts';
import { explanation } from './explanation.ts';
import type { Kind } from './kind.ts';
import { llmBatch } from './llm-batch.ts';
import { llmCall } from './llm-call.ts';
import { outcome } from './outcome.ts';
import { analysisRun, pass } from './pass.ts';
import { patch, patchDecision } from './patch.ts';
import { patchTest, replayRun } from './patch-test.ts';
import { recommendation } from './recommendation.ts';
import { researchSignal } from './research-signal.ts';
import { scheduleRun } from './schedule-run.ts';
import { signalConsumed } from './signal-consumed.ts';
import { itemEvent, slotEvent } from './slot-event.ts';
import { thought } from './thought.ts';

/** Every kind of contract, in the order in which people read about them. */
export const kinds: readonly Kind[] = [
  outcome,
  recommendation,
  patch,
  patchDecision,
  patchTest,
  replayRun,
  autoApply,
  effectMeasurement,
  effectDecision,
  explanation,
  researchSignal,
  signalConsumed,
  thought,
  itemEvent,
  slotEvent,
  llmCall,
  llmBatch,
  scheduleRun,
  analysisRun,
  pass,
];

const byName = new Map(kinds.map((kind) => [kind.name, kind]));

export function findKind(kindName: string): Kind | undefined {
  return byName.get(kindName);
}

export function kindNames(): string[] {
  return kinds.map((kind) => kind.name);
}
