import { type ReplayRun, replayRun } from '../../contracts/patch-test.ts';
import { blobOid } from '../../git/blob-oid.ts';
import { git } from '../../git/program.ts';
import type { Snapshot } from '../../git/snapshot.ts';
import { personaPath } from '../../ledger/paths.ts';
import type { Workspace } from '../../ledger/workspace.ts';
import type { FeedbackState, PatchEntry } from '../feedback-state.ts';
import { readRecords } from '../read-records.ts';
import type { GateFacts } from './gate-facts.ts';
import { readBegunFiles } from './read-begun-files.ts';
import { readStages } from './read-stages.ts';
import type { ReplayItem } from './replay-items.ts';
import { whyNotApart } from './why-not-apart.ts';

/** What the tests of these patches are planned from, without the archive. */
export async function readGateFacts(
  workspace: Workspace,
  snapshot: Snapshot,
  state: FeedbackState,
  patches: readonly PatchEntry[],
  items: readonly ReplayItem[],
): Promise<Map<string, GateFacts>> {
  if (patches.length === 0) return new Map();
  const runs = await readRecords<ReplayRun>(snapshot, replayRun);
  const facts = patches.map(async (patch): Promise<readonly [string, GateFacts]> => {
    const stages = await readStages(snapshot, patch, items);
    const own = runs.filter(({ patch_id: id }) => id === patch.id);
    const live = items.filter(({ patchId }) => patchId === patch.id);
    const begun = await readBegunFiles(snapshot, live, own);
    return [patch.id, await factsOf(workspace, state, patch, { stages, runs: own, begun })];
  });
  return new Map(await Promise.all(facts));
}

async function factsOf(
  workspace: Workspace,
  state: FeedbackState,
  patch: PatchEntry,
  { stages, runs, begun }: Pick<GateFacts, 'stages' | 'runs'> & { begun: readonly string[] },
): Promise<GateFacts> {
  const { settings, clock } = workspace;
  const [file] = state.roster.flatMap((read) =>
    read.ok && read.file.persona.id === patch.persona_id ? [read.file] : [],
  );
  const starts = Object.values(stages).map(({ begunAt }) => begunAt.getTime());
  const since = starts.length === 0 ? undefined : new Date(Math.min(...starts));
  const current = file === undefined ? undefined : blobOid(Buffer.from(file.text));
  const isOther = begun.some((oid) => oid !== current);
  return {
    patch,
    persona: file?.persona,
    personaFile: begun[0] ?? current,
    edited: isOther || (since !== undefined && (await isEdited(workspace, state, patch.persona_id, since))),
    notApart: whyNotApart(patch, state),
    settings: settings.gate,
    smoke: settings.work.smoke,
    now: clock.now(),
    stages,
    runs,
    archive: undefined,
  };
}

/**
 * Replays take the persona as it is when they begin: a change of its file makes two tests of one. This finds one
 * that was taken back meanwhile; any other shows in the file itself, whatever the dates of its commits.
 */
async function isEdited(
  { root }: Workspace,
  { base }: FeedbackState,
  persona: string,
  since: Date,
): Promise<boolean> {
  if (base === null) return false;
  // Commits know whole seconds: one of the second in which it began was there before.
  const after = Math.floor(since.getTime() / 1_000) + 1;
  const range = ['log', '--first-parent', '--max-count=1', '--format=%H', `--since=${after}`];
  const answer = await git([...range, base, '--', personaPath(persona)], { cwd: root });
  return answer.code === 0 && answer.stdout.toString('utf8').trim() !== '';
}
