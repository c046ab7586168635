import { derivedId } from '../contracts/ids.ts';
import { outcome } from '../contracts/outcome.ts';
import type { Contract } from '../contracts/record.ts';
import type { Claim, WorkSlot } from '../contracts/work.ts';

/**
 * What became of a slot, as the feedback loop reads it: accepted when the result passed its smoke test, failed
 * when it did not, error when no attempt ever came to a result. undefined: nobody is to be judged by it.
 */
export function outcomeOf(slot: WorkSlot, claim: Claim): Contract | undefined {
  const verdict = verdicts[claim.state];
  if (verdict === undefined) return undefined;
  const id = derivedId(new Date(claim.renewed_at), ['outcome', slot.slot_id, String(claim.token)]);
  const { result } = claim;
  const { reason = claim.reason, files_pushed: files = [], ...facts } = result ?? {};
  const fields = outcome.fields.parse({
    idea_id: slot.item_id,
    persona_id: slot.persona,
    outcome: verdict,
    ...(slot.domain === undefined ? {} : { domain: slot.domain }),
    ...facts,
    // Where no test ran, none was passed.
    ...(slot.smoke === undefined ? { smoke_test_pass: undefined } : {}),
    session_id: claim.worker_id,
    emitted_at: claim.renewed_at,
    ...(reason === undefined ? {} : { notes: reason }),
    extra: {
      slot_id: slot.slot_id,
      token: claim.token,
      // An attempt that came to a result is one more than those that failed.
      attempts: claim.attempts + (result === undefined ? 0 : 1),
      host: claim.host,
      files_pushed: files.length,
      ...(slot.label === undefined ? {} : { label: slot.label }),
    },
  });
  return { id, kind: outcome, source: 'queue', fields };
}

const verdicts: Readonly<Partial<Record<Claim['state'], 'accepted' | 'failed' | 'error'>>> = {
  shipped: 'accepted',
  failed: 'failed',
  dead: 'error',
};
