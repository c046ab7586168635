import { faultPoint } from '../../contracts/fault-point.ts';
import { derivedId, idTime } from '../../contracts/ids.ts';
import { type PatchTest, patchTest } from '../../contracts/patch-test.ts';
import type { Contract } from '../../contracts/record.ts';
import type { PassContext } from '../../ledger/controller.ts';
import { recordAll } from '../../ledger/record-all.ts';
import type { PatchEntry } from '../feedback-state.ts';
import { proposalId } from '../proposal-id.ts';
import { decisionContract } from '../record-decision.ts';
import { cancelEdits } from './cancel-edits.ts';
import { readTests } from './read-tests.ts';
import type { TestFigures } from './test-figures.ts';

/** Who refuses a patch that its own test speaks against. */
export const GATE = 'the gate';

/**
 * Records the verdict on a patch, and cancels what is left of its replays, all in one commit. A patch that did
 * worse, or that had nothing to gain, is refused with it; it is then remembered like any other refusal. Where
 * another runner was first its verdict stands.
 * @param file the git object of the persona's file that the replays began with
 * @returns whether anything has changed
 */
export async function recordTest(
  { workspace, index }: PassContext,
  patch: PatchEntry,
  figures: TestFigures,
  file: string | undefined,
): Promise<boolean> {
  const at = workspace.clock.now();
  const test = testContract(patch, figures, { at, file, agent: workspace.settings.gate.agent });
  const subject = `Record the test of ${patch.persona_id} ${patch.to_version}: ${figures.verdict}`;
  const body = figures.reason;
  const done = await recordAll(workspace, index, { subject, body }, async (snapshot) => {
    if ((await readTests(snapshot)).has(patch.id)) return { contracts: [] };
    const edits = await cancelEdits(snapshot, [patch.id], `the test has ended: ${figures.verdict}`, at);
    return { contracts: [test, ...refusal(patch, figures, at)], edits };
  });
  await faultPoint('gate:tested');
  return done.commit !== null;
}

function testContract(
  patch: PatchEntry,
  { extra, ...figures }: TestFigures,
  { at, file, agent }: { at: Date; file: string | undefined; agent: string | undefined },
): Contract {
  const id = derivedId(idTime(patch.id), ['patch_test', patch.id]);
  const fields: PatchTest = {
    patch_test_id: id,
    patch_id: patch.id,
    persona_id: patch.persona_id,
    from_version: patch.from_version,
    ...figures,
    ...(agent === undefined ? {} : { agent }),
    tested_at: at.toISOString(),
    // What it says holds for this very file of the persona and no other.
    extra: { ...extra, ...(file === undefined ? {} : { persona_file: file }) },
  };
  return { id, kind: patchTest, source: 'gate', fields: patchTest.fields.parse(fields) };
}

function refusal(patch: PatchEntry, { verdict, reason }: TestFigures, at: Date): Contract[] {
  if (verdict !== 'worse' && verdict !== 'no_headroom') return [];
  const decision = decisionContract('gate', {
    patch_id: patch.id,
    proposal_id: proposalId(patch),
    decision: 'rejected',
    decided_by: GATE,
    reason,
    decided_at: at.toISOString(),
  });
  return [decision];
}
