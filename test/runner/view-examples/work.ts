import type { ViewExample } from '../view-examples.ts';

const minute = (n: number) => new Date(Date.UTC(2026, 10, 20, 0, n)).toISOString();

const queued = (id: string, at: number, slots: readonly string[], kind = 'thought') => ({
  id: `queued-${id}`,
  item_id: id,
  item_kind: kind,
  event: 'queued',
  at: minute(at),
  slots,
});

/** Events of a slot: what happened, with which token, at which minute. Recorded in this order. */
function life(slot: string, events: readonly (readonly [string, number, number, string?])[]) {
  return events.map(([event, token, at, worker], index) => ({
    id: `${slot}-${index}`,
    slot_id: slot,
    item_id: slot.split('-')[0],
    event,
    token,
    at: minute(at),
    recorded_at: `2026-11-21T00:00:00.${String(index).padStart(3, '0')}Z`,
    ...(worker === undefined ? {} : { worker_id: worker }),
  }));
}

export const workExamples: readonly ViewExample[] = [
  {
    view: 'queue_latency',
    title: 'adds up the time that each claim held, over losses, releases and revivals.',
    records: {
      item_event: [
        queued('a', 0, ['a-1', 'a-2', 'a-3', 'a-4', 'a-5']),
        { ...queued('a', 90, ['a-1']), id: 'done', event: 'complete' },
      ],
      slot_event: [
        ...life('a-1', [
          ['claimed', 1, 5, 'ada'],
          ['renewed', 1, 8, 'ada'],
          ['expired', 1, 10, 'ada'],
          ['claimed', 2, 12, 'bob'],
          ['released', 2, 14, 'bob'],
          ['claimed', 3, 20, 'ada'],
          ['shipped', 3, 30, 'ada'],
        ]),
        ...life('a-2', [
          ['claimed', 1, 1, 'ada'],
          ['expired', 1, 3, 'ada'],
          ['dead', 1, 3, 'ada'],
          ['revived', 1, 50],
        ]),
        ...life('a-3', [
          ['claimed', 1, 1, 'ada'],
          ['dead', 1, 2, 'ada'],
          ['revived', 1, 50],
          ['cancelled', 1, 40],
        ]),
        ...life('a-4', [['cancelled', 0, 60]]),
      ],
    },
    rows: [
      {
        slot_id: 'a-1',
        item_id: 'a',
        item_kind: 'thought',
        queued_at: minute(0),
        first_claimed_at: minute(5),
        ended_at: minute(30),
        waiting_minutes: 5,
        working_minutes: 17,
        attempts: 3,
        releases: 1,
        lease_losses: 1,
        ended_as: 'shipped',
        worker_id: 'ada',
      },
      { slot_id: 'a-2', working_minutes: 2, attempts: 1, lease_losses: 1, ended_as: null, ended_at: null },
      { slot_id: 'a-3', working_minutes: 1, attempts: 1, ended_as: 'cancelled', ended_at: minute(40) },
      {
        slot_id: 'a-4',
        first_claimed_at: null,
        waiting_minutes: null,
        working_minutes: null,
        attempts: 0,
        ended_as: 'cancelled',
      },
      {
        slot_id: 'a-5',
        waiting_minutes: null,
        attempts: 0,
        releases: 0,
        lease_losses: 0,
        ended_as: null,
        worker_id: null,
      },
    ],
  },
  {
    view: 'queue_latency',
    title: 'never goes below zero when clocks disagree, and shows slots whose queueing is not known.',
    records: {
      item_event: [queued('a', 10, ['a-1'])],
      slot_event: [
        ...life('a-1', [
          ['claimed', 1, 9, 'ada'],
          ['shipped', 1, 8, 'ada'],
        ]),
        ...life('b-1', [
          ['claimed', 1, 1, 'ada'],
          ['failed', 1, 2, 'ada'],
        ]),
      ],
    },
    rows: [
      { slot_id: 'a-1', waiting_minutes: 0, working_minutes: 0, ended_as: 'shipped' },
      {
        slot_id: 'b-1',
        item_id: 'b',
        item_kind: null,
        queued_at: null,
        waiting_minutes: null,
        working_minutes: 1,
      },
    ],
  },
  {
    view: 'queue_latency_by_kind',
    title: 'gives medians and tails for each kind of item.',
    records: {
      item_event: [queued('a', 0, ['a-1', 'a-2', 'a-3']), queued('b', 0, ['b-1'], 'job')],
      slot_event: [
        ...[1, 2, 3].flatMap((n) =>
          life(`a-${n}`, [
            ['claimed', 1, n, 'ada'],
            [n === 3 ? 'dead' : 'shipped', 1, n + 10, 'ada'],
          ]),
        ),
      ],
    },
    rows: [
      { item_kind: 'job', slots: 1, ended: 0, waiting_p50: null, attempts_per_slot: null, lease_losses: 0 },
      {
        item_kind: 'thought',
        slots: 3,
        ended: 3,
        shipped: 2,
        dead: 1,
        waiting_p50: 2,
        waiting_p95: 2.9,
        working_p50: 10,
        working_p95: 10,
        attempts_per_slot: 1,
      },
    ],
  },
];
