import type { Workspace } from '../../ledger/workspace.ts';
import type { FeedbackState } from '../feedback-state.ts';
import { awaitingTest } from './awaiting-test.ts';
import { type PatchTestEntry, readTests } from './read-tests.ts';
import { type ReplayItem, readReplayItems } from './replay-items.ts';

/** How the tests of patches stand, for whoever offers them. */
export interface Gate {
  /** The verdicts, by patch. */
  readonly tests: ReadonlyMap<string, PatchTestEntry>;
  /** Patches whose test is under way, and how far it is: none of them is offered yet. */
  readonly testing: ReadonlyMap<string, string>;
}

/** @param shown ids of the proposals that the forge shows */
export async function readGate(
  workspace: Workspace,
  state: FeedbackState,
  shown: ReadonlySet<string>,
): Promise<Gate> {
  if (state.patches.length === 0) return { tests: new Map(), testing: new Map() };
  const { snapshot } = await workspace.log.tip();
  const tests = await readTests(snapshot);
  const waiting = awaitingTest(workspace, state, tests, shown).map(({ id }) => id);
  const items = await readReplayItems(snapshot, waiting);
  return { tests, testing: new Map(waiting.map((id) => [id, progressOf(id, items)])) };
}

function progressOf(patchId: string, items: readonly ReplayItem[]): string {
  const own = items.find((one) => one.patchId === patchId);
  if (own === undefined) return 'its test has not begun';
  const { ended, slots } = own.item;
  return `${Object.keys(ended).length} of ${slots.length} replays done`;
}
