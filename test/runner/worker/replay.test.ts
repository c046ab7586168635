import { afterEach, expect, test } from 'vitest';
import type { ReplayRun } from '../../../src/contracts/patch-test.ts';
import type { Replay, WorkSlot } from '../../../src/contracts/work.ts';
import { readEntries } from '../../../src/ledger/read-entries.ts';
import { runWorker } from '../../../src/runner/worker/worker.ts';
import type { WorkerEvent } from '../../../src/runner/worker/worker-event.ts';
import { inQueue, type QueuePlace, queuePass, queuePlace } from '../../queue/queue-place.ts';
import { putWork, sampleSlot } from '../../queue/sample-work.ts';
import { scripted } from './workbench.ts';

let place: QueuePlace;
afterEach(() => place[Symbol.asyncDispose]());

const variables = {
  thought_id: 'a',
  text: 'a wheel',
  category: 'wheels',
  diversity_mode: 'bold',
  diversity_instruction: 'be bold',
  constitution_path: 'prompts/DO-NOT-CHANGE-EVER.md',
  variant_index: 1,
};

function replaySlot(id: string, more: Partial<Replay> = {}): WorkSlot {
  const replay: Replay = { patch_id: 'p-1', task_id: id, stage: 'gate', arm: 'old', attempt: 1, deltas: [] };
  const smoke = 'grep -q first made.txt';
  return sampleSlot(id, { variables, smoke, max_attempts: 1, replay: { ...replay, ...more } });
}

async function work(): Promise<WorkerEvent[]> {
  const events: WorkerEvent[] = [];
  const never = new AbortController().signal;
  await inQueue(place, ({ workspace }) =>
    runWorker({
      workspace,
      agent: scripted('echo first > made.txt; echo mine > mine.txt'),
      concurrency: 2,
      once: true,
      pollSeconds: 0.1,
      drain: never,
      drainSeconds: 30,
      abort: never,
      onEvent: (event) => events.push(event),
    }),
  );
  await inQueue(place, (opened) => queuePass(opened));
  return events;
}

const runs = () =>
  inQueue(place, async ({ workspace }) => {
    const entries = await readEntries<ReplayRun>((await workspace.log.tip()).snapshot, 'replay_run');
    return entries
      .map(({ task_id, outcome, reason = '' }) => ({ task_id, outcome, reason }))
      .sort((a, b) => (a.task_id < b.task_id ? -1 : 1));
  });

test('A replay starts where its task did, with the agent of the settings, and leaves nothing but its result.', async () => {
  place = await queuePlace('path remote', `gate: { agent: "/bin/sh -c 'cp note.txt made.txt'" }\n`);
  const { folder } = place;
  await folder.write('note.txt', 'first\n');
  await folder.git('add', '-A');
  await folder.git('commit', '-qm', 'First');
  const start_at = (await folder.git('rev-parse', 'HEAD')).trim();
  await folder.write('note.txt', 'second\n');
  await folder.git('commit', '-qam', 'Second');
  await folder.git('push', '-q', 'origin', 'main');
  const gone = replaySlot('c-1', { start_at: '1'.repeat(40) });
  await inQueue(place, ({ workspace }) =>
    putWork(workspace, [replaySlot('a-1', { start_at }), replaySlot('b-1'), gone]),
  );
  await work();
  expect(await runs()).toEqual([
    { task_id: 'a-1', outcome: 'accepted', reason: '' },
    { task_id: 'b-1', outcome: 'failed', reason: expect.stringContaining('smoke test') },
    { task_id: 'c-1', outcome: 'error', reason: expect.stringContaining('does not have the commit') },
  ]);
  const heads = await place.truth.git('for-each-ref', '--format=%(refname)', 'refs/heads');
  expect(heads.trim()).toBe('refs/heads/main');
});

test('Without an agent in the settings it is given back, and no attempt is counted.', async () => {
  place = await queuePlace('path remote');
  await inQueue(place, ({ workspace }) => putWork(workspace, [replaySlot('a-1')]));
  const events = await work();
  expect(events.find(({ event }) => event === 'released')?.detail).toContain('gate.agent names none');
  expect(await runs()).toEqual([]);
});
