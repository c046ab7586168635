import { z } from 'zod';
import type { Answer } from './adapter.ts';
import { MOST_ANSWER_BYTES } from './answer-limit.ts';
import { anthropicAnswer } from './anthropic-answer.ts';
import { anthropicUsageShape } from './anthropic-usage.ts';
import { type Fault, garbage } from './fault.ts';

export interface StreamReader {
  /** Takes the next event. A fault means that the rest need not be read. */
  take(event: unknown): Fault | undefined;
  /** True after the first event: from here on it costs. */
  begun(): boolean;
  /** True when nothing of the answer is missing, whether or not the stream was closed in order. */
  whole(): boolean;
  answer(): Answer;
}

const index = z.int().min(0).max(1_000);
const started = z.object({ message: z.object({ model: z.string(), usage: anthropicUsageShape }) });
const opened = z.object({
  index,
  content_block: z.looseObject({ type: z.string(), text: z.string().optional() }),
});
const grown = z.object({
  index,
  delta: z.object({ text: z.string().optional(), partial_json: z.string().optional() }),
});
const ending = z.object({
  delta: z.object({ stop_reason: z.string().nullish() }),
  usage: anthropicUsageShape
    .partial()
    .extend({ input_tokens: z.int().min(0).nullish() })
    .optional(),
});

interface Block {
  readonly fields: Readonly<Record<string, unknown>>;
  text: string;
  json: string;
}

/**
 * Puts a message together from the events of its stream. What an event says about usage counts from the start
 * of the message, so a later one replaces an earlier one. Events that are not known are passed over.
 */
export function anthropicStream(): StreamReader {
  const blocks = new Map<number, Block>();
  const usage: Record<string, unknown> = {};
  let model: string | undefined;
  let stopReason: string | undefined;
  let begun = false;
  let bytes = 0;

  const handlers: Readonly<Record<string, (event: unknown) => boolean>> = {
    message_start: fitting(started, ({ message }) => {
      model = message.model;
      replace(usage, message.usage);
    }),
    content_block_start: fitting(opened, ({ index, content_block }) => {
      blocks.set(index, { fields: content_block, text: content_block.text ?? '', json: '' });
    }),
    content_block_delta: fitting(grown, ({ index, delta: { text = '', partial_json: json = '' } }) => {
      bytes += Buffer.byteLength(text) + Buffer.byteLength(json);
      const block = blocks.get(index);
      if (block === undefined) return;
      block.text += text;
      block.json += json;
    }),
    message_delta: fitting(ending, ({ delta, usage: told = {} }) => {
      stopReason = delta.stop_reason ?? stopReason;
      replace(usage, told);
    }),
  };

  return {
    take: (event) => {
      begun = true;
      const { type } = z.object({ type: z.string() }).safeParse(event).data ?? {};
      const handle = handlers[type ?? ''];
      if (handle !== undefined && !handle(event)) return garbage(`an event ${type} that cannot be read`);
      return bytes > MOST_ANSWER_BYTES
        ? garbage(`an answer of more than ${MOST_ANSWER_BYTES} bytes`)
        : undefined;
    },
    begun: () => begun,
    whole: () => model !== undefined && stopReason !== undefined,
    answer: () =>
      anthropicAnswer({ model, usage, stop_reason: stopReason, content: inOrder(blocks).map(contentOf) }),
  };
}

/** False when the event has not the form that it should have. */
function fitting<S extends z.ZodType>(
  shape: S,
  use: (event: z.output<S>) => void,
): (event: unknown) => boolean {
  return (event) => {
    const read = shape.safeParse(event);
    if (read.success) use(read.data);
    return read.success;
  };
}

function replace(usage: Record<string, unknown>, told: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(told)) {
    if (value !== null && value !== undefined) usage[name] = value;
  }
}

function inOrder(blocks: ReadonlyMap<number, Block>): Block[] {
  return [...blocks].sort(([a], [b]) => a - b).map(([, block]) => block);
}

function contentOf({ fields, text, json }: Block): Record<string, unknown> {
  if (fields.type === 'text') return { type: 'text', text };
  return { ...fields, text: undefined, input: json === '' ? (fields.input ?? {}) : parsed(json) };
}

/** undefined: it was broken off. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
