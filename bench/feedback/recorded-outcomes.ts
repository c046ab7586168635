import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A line of the shipped outcomes. */
export interface RecordedOutcome {
  readonly model: string;
  readonly instance_id: string;
  readonly repo: string;
  readonly resolved: boolean;
  readonly cost_usd: number;
}

export const recordedFile = fileURLToPath(
  new URL('../../src/cli/demo-data/swe-bench-verified-outcomes.jsonl', import.meta.url),
);

export const recordedOutcomes: readonly RecordedOutcome[] = readFileSync(recordedFile, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as RecordedOutcome);

/** Which half of the instances this one is in. Every salt splits them anew; '' gives the split that is reported. */
export function halfOf(instance: string, salt: string): 'A' | 'B' {
  const text = salt === '' ? instance : `${salt} ${instance}`;
  return (createHash('sha256').update(text).digest()[0] ?? 0) < 128 ? 'A' : 'B';
}
