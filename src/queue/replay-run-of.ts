import { derivedId } from '../contracts/ids.ts';
import { replayRun } from '../contracts/patch-test.ts';
import type { Contract } from '../contracts/record.ts';
import type { Claim, Replay, WorkSlot } from '../contracts/work.ts';

/**
 * What became of a slot that replayed an archived task. It is no outcome: it says something of a patch and
 * nothing of the work. undefined: it was cancelled.
 */
export function replayRunOf(slot: WorkSlot, replay: Replay, claim: Claim): Contract | undefined {
  const verdict = verdicts[claim.state];
  if (verdict === undefined) return undefined;
  const id = derivedId(new Date(claim.renewed_at), ['replay_run', slot.slot_id, String(claim.token)]);
  const { patch_id, task_id, stage, arm, attempt, persona_file, expected_usd } = replay;
  const { persona_version, model, cost_usd, tokens, duration_seconds, prompt_hash } = claim.result ?? {};
  const fields = replayRun.fields.parse({
    replay_run_id: id,
    patch_id,
    persona_id: slot.persona,
    persona_version,
    task_id,
    stage,
    arm,
    attempt,
    outcome: verdict,
    model,
    cost_usd,
    tokens,
    duration_seconds,
    prompt_hash,
    slot_id: slot.slot_id,
    reason: claim.result?.reason ?? claim.reason,
    emitted_at: claim.renewed_at,
    // The end of a slot and what came of it are held against each other by slot and token.
    extra: {
      slot_id: slot.slot_id,
      token: claim.token,
      host: claim.host,
      ...(persona_file === undefined ? {} : { persona_file }),
      ...(expected_usd === undefined ? {} : { expected_usd }),
    },
  });
  return { id, kind: replayRun, source: 'queue', fields };
}

const verdicts: Readonly<Partial<Record<Claim['state'], 'accepted' | 'failed' | 'error'>>> = {
  shipped: 'accepted',
  failed: 'failed',
  dead: 'error',
};
