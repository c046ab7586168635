import type { ServerResponse } from 'node:http';
import { complaintAbout } from './fake-anthropic-server-rules.ts';
import { type FakeReply, messageOf } from './fake-anthropic-server-stream.ts';

/** How one request of a batch ends. */
export type FakeBatchEnding =
  | ({ readonly ends: 'succeeded' } & FakeReply)
  | { readonly ends: 'errored'; readonly type: string; readonly message?: string }
  | { readonly ends: 'canceled' | 'expired' };

interface Batch {
  readonly id: string;
  readonly requests: readonly { custom_id: string; params: Record<string, unknown> }[];
  status: 'in_progress' | 'canceling' | 'ended';
  endings: ReadonlyMap<string, FakeBatchEnding>;
}

/** The half of the server that keeps batches. */
export function batchDesk() {
  const batches = new Map<string, Batch>();
  let made = 0;
  // A name is never used again, also not after batches were forgotten.
  const nextId = () => `msgbatch_${String(++made).padStart(3, '0')}`;
  let url = '';
  return {
    setUrl: (to: string) => {
      url = to;
    },
    forget: () => batches.clear(),
    finish: (
      endings: Readonly<Record<string, FakeBatchEnding>> = {},
      otherwise: FakeBatchEnding = { ends: 'succeeded', text: 'ok' },
    ) => {
      for (const batch of batches.values()) end(batch, (id) => endings[id] ?? otherwise);
    },
    serve: (method: string, path: string, body: unknown, res: ServerResponse) => {
      const [, id = '', action = ''] = /^\/v1\/messages\/batches\/?([^/?]*)\/?([^/?]*)/.exec(path) ?? [];
      if (id === '') return create(batches, nextId, url, method, body, res);
      const batch = batches.get(decodeURIComponent(id));
      if (batch === undefined) return refuse(res, 404, 'not_found_error', `no batch ${id}`);
      if (action === 'cancel' && method === 'POST') return cancel(batch, url, res);
      if (action === 'results') return results(batch, res);
      // A canceled batch ends by itself, some time after it was told to.
      const before = show(batch, url);
      if (batch.status === 'canceling') end(batch, () => ({ ends: 'canceled' }));
      return send(res, 200, before);
    },
  };
}

function end(batch: Batch, endingOf: (id: string) => FakeBatchEnding): void {
  if (batch.status === 'ended') return;
  batch.status = 'ended';
  batch.endings = new Map(batch.requests.map(({ custom_id: id }) => [id, endingOf(id)]));
}

function create(
  batches: Map<string, Batch>,
  nextId: () => string,
  url: string,
  method: string,
  body: unknown,
  res: ServerResponse,
): void {
  const requests = (body as { requests?: Batch['requests'] } | undefined)?.requests ?? [];
  const complaint = method === 'POST' ? batchComplaint(requests) : 'only POST';
  if (complaint !== undefined) {
    refuse(res, 400, 'invalid_request_error', complaint);
    return;
  }
  const id = nextId();
  const batch: Batch = { id, requests, status: 'in_progress', endings: new Map() };
  batches.set(id, batch);
  send(res, 200, show(batch, url));
}

function batchComplaint(requests: Batch['requests']): string | undefined {
  if (requests.length === 0) return 'requests: at least one is required';
  if (new Set(requests.map((request) => request.custom_id)).size < requests.length) {
    return 'custom_id: must be unique within a batch';
  }
  if (requests.some(({ custom_id: id }) => !/^[a-zA-Z0-9_-]{1,64}$/.test(id))) {
    return "custom_id: String should match pattern '^[a-zA-Z0-9_-]{1,64}$'";
  }
  if (requests.some(({ params }) => params.stream === true)) return 'stream: not supported in a batch';
  return requests.map(({ params }) => complaintAbout(params)).find((complaint) => complaint !== undefined);
}

function cancel(batch: Batch, url: string, res: ServerResponse): void {
  if (batch.status === 'in_progress') batch.status = 'canceling';
  send(res, 200, show(batch, url));
}

function show(batch: Batch, url: string): Record<string, unknown> {
  const count = (state: FakeBatchEnding['ends']) =>
    [...batch.endings.values()].filter(({ ends }) => ends === state).length;
  return {
    id: batch.id,
    type: 'message_batch',
    processing_status: batch.status,
    request_counts: {
      processing: batch.status === 'ended' ? 0 : batch.requests.length,
      succeeded: count('succeeded'),
      errored: count('errored'),
      canceled: count('canceled'),
      expired: count('expired'),
    },
    results_url: batch.status === 'ended' ? `${url}/v1/messages/batches/${batch.id}/results` : null,
    created_at: '2026-11-01T00:00:00Z',
    expires_at: '2026-11-02T00:00:00Z',
    ended_at: batch.status === 'ended' ? '2026-11-01T01:00:00Z' : null,
    archived_at: null,
    cancel_initiated_at: null,
  };
}

/** Not in the order of the requests: the real ones are not, either. */
function results(batch: Batch, res: ServerResponse): void {
  if (batch.status !== 'ended') {
    refuse(res, 400, 'invalid_request_error', 'batch is not ended');
    return;
  }
  const lines = [...batch.requests].reverse().map(({ custom_id, params }) => {
    const ending = batch.endings.get(custom_id) ?? { ends: 'expired' as const };
    return `${JSON.stringify({ custom_id, result: resultOf(ending, String(params.model)) })}\n`;
  });
  res.writeHead(200, { 'content-type': 'application/x-jsonl' });
  res.end(lines.join(''));
}

function resultOf(ending: FakeBatchEnding, model: string): Record<string, unknown> {
  if (ending.ends === 'succeeded') return { type: 'succeeded', message: messageOf(ending, model) };
  if (ending.ends !== 'errored') return { type: ending.ends };
  const { type, message = 'made' } = ending;
  return { type: 'errored', error: { type: 'error', error: { type, message }, request_id: null } };
}

function refuse(res: ServerResponse, status: number, type: string, message: string): void {
  send(res, status, { type: 'error', error: { type, message } });
}

function send(res: ServerResponse, status: number, body: unknown): void {
  res.writeHead(status, { 'content-type': 'application/json' });
  res.end(JSON.stringify(body));
}
