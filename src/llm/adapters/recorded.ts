import { readFile, realpath } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { z } from 'zod';
import { count } from '../../contracts/fields.ts';
import { codeOf } from '../../git/process-lock.ts';
import { noUsage } from '../charge.ts';
import type { Answer, LlmAdapter, Question } from './adapter.ts';
import { commandPrompt } from './command-prompt.ts';

export interface RecordedOptions {
  readonly name: string;
  /** The workspace. */
  readonly root: string;
  /** JSON lines, below it. */
  readonly file: string;
}

const usage = z.strictObject({
  input: count.default(0),
  output: count.default(0),
  cacheRead: count.default(0),
  cacheWrite5m: count.default(0),
  cacheWrite1h: count.default(0),
});

/** One line: when it answers, what, and how often. */
const reply = z
  .strictObject({
    contains: z.union([z.string(), z.array(z.string())]).optional(),
    purpose: z.string().optional(),
    reply: z.union([z.string(), z.record(z.string(), z.unknown())]).optional(),
    fault: z
      .enum([
        'rate',
        'overloaded',
        'server',
        'connection',
        'cut',
        'time',
        'credentials',
        'request',
        'garbage',
      ])
      .optional(),
    usage: usage.optional(),
    times: count.min(1).optional(),
  })
  .refine((line) => (line.reply === undefined) !== (line.fault === undefined), {
    error: 'expected either a reply or a fault',
  });
type Reply = z.infer<typeof reply>;

type Purposeful = Question & { readonly purpose?: string };

/**
 * Replies from a file, for tests and demonstrations. The first line answers whose words are all in the prompt, whose
 * purpose is the question's, and which has not answered as often as it may.
 */
export function recordedAdapter({ name, root, file }: RecordedOptions): LlmAdapter {
  let lines: Promise<Map<Reply, number>> | undefined;
  return {
    provider: name,
    ask: async (question: Purposeful): Promise<Answer> => {
      try {
        lines ??= readReplies(root, file);
        return answerFrom(await lines, question, file);
      } catch (error) {
        lines = undefined;
        return noReply(error instanceof Error ? error.message : String(error));
      }
    },
  };
}

/** Each reply with how often it may still be given. */
async function readReplies(root: string, file: string): Promise<Map<Reply, number>> {
  const text = await readBelow(root, file);
  const lines = text.split('\n').map((line, at) => ({ line, place: `${file}:${at + 1}` }));
  const replies = lines
    .filter(({ line }) => line.trim() !== '')
    .map(({ line, place }) => parseReply(line, place));
  return new Map(replies.map((one) => [one, one.times ?? Number.POSITIVE_INFINITY]));
}

/** No link leads out of the workspace, nor to another place in it. */
async function readBelow(root: string, file: string): Promise<string> {
  const top = await realpath(root);
  const path = resolve(top, file);
  const below = relative(top, path);
  if (below === '' || below.startsWith('..') || join(top, below) !== path)
    throw new Error(`the replies ${file} are not below the workspace`);
  try {
    if ((await realpath(path)) !== path) throw new Error(`the replies ${file} are behind a symbolic link`);
    return await readFile(path, 'utf8');
  } catch (error) {
    throw codeOf(error) === 'ENOENT' ? new Error(`there is no file ${file} with replies`) : error;
  }
}

function parseReply(line: string, place: string): Reply {
  const read = reply.safeParse(jsonOf(line, place));
  if (read.success) return read.data;
  throw new Error(`${place}: ${read.error.issues[0]?.message ?? 'no reply'}`);
}

function jsonOf(line: string, place: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    throw new Error(`${place}: expected JSON`);
  }
}

function answerFrom(lines: Map<Reply, number>, question: Purposeful, file: string): Answer {
  const prompt = commandPrompt(question);
  for (const [line, left] of lines) {
    if (left === 0 || !fits(line, question, prompt)) continue;
    lines.set(line, left - 1);
    return toAnswer(line, question);
  }
  return noReply(`${file} has no reply left for this question (${question.purpose ?? 'no purpose'})`);
}

function fits({ contains = [], purpose }: Reply, question: Purposeful, prompt: string): boolean {
  const words = typeof contains === 'string' ? [contains] : contains;
  return (
    (purpose === undefined || purpose === question.purpose) && words.every((word) => prompt.includes(word))
  );
}

function toAnswer(line: Reply, { model }: Question): Answer {
  const took = line.usage ?? noUsage;
  if (line.fault !== undefined)
    return {
      result: 'fault',
      fault: line.fault,
      message: 'a recorded fault',
      spent: line.usage === undefined ? 'nothing' : took,
    };
  const text = typeof line.reply === 'string' ? line.reply : JSON.stringify(line.reply);
  return { result: 'answered', text, toolCalls: [], stop: 'end', model, usage: took };
}

function noReply(message: string): Answer {
  return { result: 'fault', fault: 'request', message, spent: 'nothing' };
}
