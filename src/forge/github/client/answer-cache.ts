import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { readKept } from '../../../ledger/kept-json.ts';
import { keepPrivate } from './keep-private.ts';
import type { RawAnswer } from './timed-fetch.ts';

/** An answer that may still be the right one: GitHub is asked whether it is. */
const keptAnswer = z.object({
  etag: z.string().min(1).max(1_000),
  headers: z.record(z.string(), z.string()),
  text: z.string(),
});
export type KeptAnswer = z.infer<typeof keptAnswer>;

export interface AnswerCache {
  look(url: URL, accept: string): Promise<KeptAnswer | undefined>;
  keep(url: URL, accept: string, answer: RawAnswer): Promise<void>;
}

/** Longer answers are asked for again. */
const LONGEST_TEXT = 8_000_000;
const MOST_IN_MEMORY = 32_000_000;

/** What is needed to go on reading from a kept answer. */
const keptHeaders = ['content-type', 'link'];

/**
 * Answers with an ETag: in memory, and in `folder` for the next process. Different tokens never see each other's.
 */
export function answerCache(folder: string, token: string): AnswerCache {
  const owner = createHash('sha256').update(`millwright answer cache\0${token}`).digest('hex');
  const memory = new Map<string, KeptAnswer>();
  const keyOf = (url: URL, accept: string) =>
    createHash('sha256').update(`${owner}\0${accept}\0${url.href}`).digest('hex');
  return {
    look: async (url, accept) => {
      const key = keyOf(url, accept);
      return memory.get(key) ?? readKept(join(folder, `${key}.json`), keptAnswer);
    },
    keep: async (url, accept, { headers, text }) => {
      const { etag = '' } = headers;
      if (etag === '' || text.length > LONGEST_TEXT) return;
      const kept = keptHeaders.flatMap((name) =>
        headers[name] === undefined ? [] : [[name, headers[name]]],
      );
      const answer = { etag, headers: Object.fromEntries(kept), text };
      const key = keyOf(url, accept);
      remember(memory, key, answer);
      await keepPrivate(folder, `${key}.json`, JSON.stringify(answer));
    },
  };
}

/** The oldest go first. */
function remember(memory: Map<string, KeptAnswer>, key: string, answer: KeptAnswer): void {
  memory.delete(key);
  memory.set(key, answer);
  let size = [...memory.values()].reduce((sum, { text }) => sum + text.length, 0);
  for (const [old, { text }] of memory) {
    if (size <= MOST_IN_MEMORY) return;
    memory.delete(old);
    size -= text.length;
  }
}
