import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FakeBehaviour } from './fake-anthropic-server.ts';

export interface FakeReply {
  readonly text?: string;
  /** Default: as asked for. */
  readonly model?: string;
  /** Default: end_turn, or tool_use after a tool. */
  readonly stop?: string;
  readonly usage?: FakeUsage;
  /** How many deltas a text is cut into. Default 3. */
  readonly pieces?: number;
}

export interface FakeUsage {
  readonly input_tokens?: number;
  readonly output_tokens?: number;
  readonly cache_read_input_tokens?: number;
  readonly cache_creation_input_tokens?: number;
  readonly cache_creation?: {
    readonly ephemeral_5m_input_tokens: number;
    readonly ephemeral_1h_input_tokens: number;
  };
}

type Block =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'tool_use'; readonly id: string; readonly name: string; readonly input: unknown };

type Told = FakeReply & { readonly do?: string };

const MEGABYTE = 1_000_000;

/** A whole message, as it stands in a plain answer and in the results of a batch. */
export function messageOf(reply: Told | FakeBehaviour, model: string): Record<string, unknown> {
  const told = reply as Told;
  return {
    id: 'msg_fake',
    type: 'message',
    role: 'assistant',
    model: told.model ?? model,
    content: blocksOf(reply),
    stop_reason: told.stop ?? (told.do === 'tool' ? 'tool_use' : 'end_turn'),
    stop_sequence: null,
    usage: usageOf(told.usage),
  };
}

function blocksOf(reply: Told | FakeBehaviour): Block[] {
  const behaviour = reply as FakeBehaviour;
  const text = behaviour.do === 'json' ? JSON.stringify(behaviour.value) : ((reply as Told).text ?? '');
  const spoken: Block[] = text === '' ? [] : [{ type: 'text', text }];
  if (behaviour.do === 'big') return [{ type: 'text', text: 'x'.repeat(behaviour.megabytes * MEGABYTE) }];
  if (behaviour.do !== 'tool') return spoken;
  const { id = 'toolu_fake', name, input } = behaviour;
  return [...spoken, { type: 'tool_use', id, name, input }];
}

function usageOf(usage: FakeUsage = {}): Record<string, unknown> {
  return {
    input_tokens: 10,
    output_tokens: 5,
    cache_read_input_tokens: 0,
    cache_creation_input_tokens: 0,
    cache_creation: null,
    service_tier: 'standard',
    ...usage,
  };
}

/** The message as server-sent events, cut, dripped or broken as the behaviour says. */
export async function streamReply(
  behaviour: FakeBehaviour,
  model: string,
  res: ServerResponse,
): Promise<void> {
  res.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'request-id': 'req_fake' });
  res.flushHeaders();
  const after = 'after' in behaviour ? behaviour.after : undefined;
  let sent = 0;
  for (const event of eventsOf(behaviour, model)) {
    if (breaksAt(behaviour, after) === sent) return breakOff(behaviour, res);
    if (behaviour.do === 'drip') await sleep(behaviour.everyMs);
    if (!(await write(res, event))) return;
    sent += 1;
  }
  if (breaksAt(behaviour, after) !== undefined) return breakOff(behaviour, res);
  res.end();
}

/** Cut and hang come after three events when nothing else is said; an error event comes first. */
function breaksAt(behaviour: FakeBehaviour, after: number | undefined): number | undefined {
  if (behaviour.do === 'cut-within' || behaviour.do === 'hang-within') return after ?? 3;
  return behaviour.do === 'error-event' ? (after ?? 0) : undefined;
}

async function breakOff(behaviour: FakeBehaviour, res: ServerResponse): Promise<void> {
  if (behaviour.do === 'hang-within') return;
  if (behaviour.do !== 'error-event') {
    // What was written before has to arrive first.
    await sleep(20);
    res.destroy();
    return;
  }
  const { type, message = 'made' } = behaviour;
  await write(res, { type: 'error', error: { type, message } });
  res.end();
}

function* eventsOf(behaviour: FakeBehaviour, model: string): Generator<Record<string, unknown>> {
  const message = messageOf(behaviour, model);
  const usage = usageOf('usage' in behaviour ? behaviour.usage : {});
  // The first event knows the prompt and one token; the last one counts from the start, not from there.
  yield {
    type: 'message_start',
    message: { ...message, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } },
  };
  yield { type: 'ping' };
  const pieces = ('pieces' in behaviour ? behaviour.pieces : undefined) ?? (behaviour.do === 'big' ? 200 : 3);
  for (const [index, block] of blocksOf(behaviour).entries()) yield* blockEvents(block, index, pieces);
  const delta = { stop_reason: message.stop_reason, stop_sequence: null };
  yield { type: 'message_delta', delta, usage: { output_tokens: 2 } };
  yield { type: 'message_delta', delta, usage: { ...usage, cache_creation: undefined } };
  yield { type: 'message_stop' };
}

function* blockEvents(block: Block, index: number, pieces: number): Generator<Record<string, unknown>> {
  const opened = block.type === 'text' ? { ...block, text: '' } : { ...block, input: {} };
  yield { type: 'content_block_start', index, content_block: opened };
  const whole = block.type === 'text' ? block.text : JSON.stringify(block.input);
  for (const part of cutInto(whole, pieces)) {
    const delta =
      block.type === 'text'
        ? { type: 'text_delta', text: part }
        : { type: 'input_json_delta', partial_json: part };
    yield { type: 'content_block_delta', index, delta };
  }
  yield { type: 'content_block_stop', index };
}

function cutInto(text: string, pieces: number): string[] {
  const length = Math.max(1, Math.ceil(text.length / pieces));
  return Array.from({ length: Math.ceil(text.length / length) }, (_, at) =>
    text.slice(at * length, (at + 1) * length),
  );
}

async function drained(res: ServerResponse): Promise<void> {
  const either = new AbortController();
  const { signal } = either;
  // The one that does not come is let go, and says so by rejecting.
  const quietly = (name: string) => once(res, name, { signal }).catch(() => undefined);
  await Promise.race([quietly('drain'), quietly('close')]);
  either.abort();
}

/** False when the other side has gone. */
async function write(res: ServerResponse, event: Record<string, unknown>): Promise<boolean> {
  if (res.destroyed) return false;
  const room = res.write(`event: ${String(event.type)}\ndata: ${JSON.stringify(event)}\n\n`);
  if (!room) await drained(res);
  return !res.destroyed;
}
