import type { Delta } from '../../../src/contracts/delta.ts';
import type { ReplayRun } from '../../../src/contracts/patch-test.ts';
import { settings } from '../../../src/contracts/settings.ts';
import type { ArchivedTask } from '../../../src/feedback/gate/archived-task.ts';
import type { GateFacts } from '../../../src/feedback/gate/gate-facts.ts';
import { patchFields, solver } from '../feedback-records.ts';

export const now = new Date('2026-11-21T12:00:00.000Z');

export const bullet: Extract<Delta, { op: 'add_bullet' }> = {
  op: 'add_bullet',
  id: 'solver-read-first',
  section: 'Before changing code',
  text: 'Read the failing test first.',
  evidence: [],
};

export function archived(taskId: string, more: Partial<ArchivedTask> = {}): ArchivedTask {
  const own = { taskId, group: taskId, domain: null, smoke: undefined, model: undefined, commit: null };
  return { ...own, prompt: 'replay', variables: { task_id: taskId, domain: '', notes: '' }, ...more };
}

export function archive(count: number, more: Partial<ArchivedTask> = {}): ArchivedTask[] {
  return Array.from({ length: count }, (_, at) => archived(`task-${at}`, more));
}

/** A patch of a bullet, before its test, with an archive of 400 tasks. */
export function gateFacts(more: Partial<GateFacts> = {}): GateFacts {
  return {
    patch: { ...patchFields('p-1', [bullet]), component: 'playbook' },
    persona: solver.persona,
    personaFile: undefined,
    edited: false,
    notApart: undefined,
    settings: settings.parse({ gate: { agent: 'claude', smoke: './smoke' } }).gate,
    smoke: undefined,
    now,
    stages: {},
    runs: [],
    archive: { tasks: archive(400), meanCost: 0.1 },
    ...more,
  };
}

export function stage(live: boolean, replays = 120, hoursAgo = 1, cancelled?: string) {
  const begunAt = new Date(now.getTime() - hoursAgo * 3_600_000);
  return { itemId: 'i', begunAt, replays, live, ...(cancelled === undefined ? {} : { cancelled }) };
}

export function run(more: Partial<ReplayRun>): ReplayRun {
  const own = {
    patch_id: 'p-1',
    persona_id: 'solver',
    task_id: 'task-1',
    stage: 'gate',
    attempt: 1,
  } as const;
  return { ...own, arm: 'old', outcome: 'accepted', ...more };
}

/** Replays of so many tasks: won by the patched persona, lost by it, solved by both, by neither. */
export function pairs(won: number, lost: number, both: number, neither: number): ReplayRun[] {
  const kinds = [
    ...Array<[boolean, boolean]>(won).fill([false, true]),
    ...Array<[boolean, boolean]>(lost).fill([true, false]),
    ...Array<[boolean, boolean]>(both).fill([true, true]),
    ...Array<[boolean, boolean]>(neither).fill([false, false]),
  ];
  const outcome = (solved: boolean) => (solved ? 'accepted' : 'failed');
  return kinds.flatMap(([before, after], at) => [
    run({ task_id: `task-${at}`, arm: 'old', outcome: outcome(before), cost_usd: 0.1 }),
    run({ task_id: `task-${at}`, arm: 'new', outcome: outcome(after), cost_usd: 0.2 }),
  ]);
}

/** Three tries of each task; the text says how they went: `y` solved, `n` not, `e` a fault. */
export function tries(...tasks: readonly string[]): ReplayRun[] {
  const outcomes = { y: 'accepted', n: 'failed', e: 'error' } as const;
  return tasks.flatMap((task, at) =>
    [...task].map((letter, n) =>
      run({
        stage: 'headroom',
        task_id: `task-${at}`,
        attempt: n + 1,
        outcome: outcomes[letter as keyof typeof outcomes],
      }),
    ),
  );
}
