import type { z } from 'zod';
import type { Tier } from '../contracts/llm-settings.ts';

/** A part of what a model is told before anybody speaks. */
export interface SystemPart {
  readonly text: string;
  /** True where the provider should keep everything up to here: what is the same in every call comes first. */
  readonly cached?: boolean;
}

export type LlmBlock =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'tool_use'; readonly id: string; readonly name: string; readonly input: unknown }
  | {
      readonly type: 'tool_result';
      readonly id: string;
      readonly content: string;
      readonly failed?: boolean;
    };

export interface LlmMessage {
  readonly role: 'user' | 'assistant';
  readonly content: string | readonly LlmBlock[];
}

/** Something that a model may ask the program to do. What it returns is data for the model. */
export interface LlmTool {
  readonly name: string;
  readonly description: string;
  readonly input: z.ZodType;
  run(input: unknown): Promise<string>;
}

export interface LlmRequest<T = string> {
  readonly tier: Tier;
  /** For the record of the call, in a word or two: explain, draft. */
  readonly purpose: string;
  readonly system: readonly SystemPart[];
  readonly messages: readonly LlmMessage[];
  /** What the answer has to be. Without one the answer is its text. */
  readonly schema?: z.ZodType<T>;
  readonly tools?: readonly LlmTool[];
  /** Tokens; default: the setting. */
  readonly maxOutputTokens?: number;
  readonly persona?: { readonly id: string; readonly version: string };
  readonly sessionId?: string;
  readonly promptHash?: string;
  readonly signal?: AbortSignal;
}

interface Spent {
  /** Ids of the `llm_call` records: one for each answer, retries included. */
  readonly calls: readonly string[];
  /** USD; null when a price is not known. */
  readonly cost_usd: number | null;
}

/**
 * What became of a request. Nothing but `ok` has a value; every other result says in a sentence what is wrong
 * and what to do about it.
 * - `refused`: the model would not answer
 * - `invalid`: it answered, but not what the schema asks for, or nothing that can be read, or it asked for tools
 *   without end; `text` is what it said, `reason` what is wrong with it. Asked again it may say the same
 * - `failed`: no answer came, after every attempt that makes sense, or it still waits in a batch
 * - `over_budget`: the worst case would have cost more than a budget allows; nothing was asked, or nothing more
 * - `not_configured`: no model is set for the tier, or its key is missing
 */
export type Completion<T> =
  | ({ readonly result: 'ok'; readonly value: T; readonly text: string } & Spent)
  | ({
      readonly result: 'refused' | 'invalid' | 'failed' | 'over_budget' | 'not_configured';
      readonly reason: string;
      readonly hint: string;
      readonly text?: string;
    } & Spent);

/** The port to language models. */
export interface Llm {
  /** One answer. Where a batch that was sent earlier holds it, it is taken from there. */
  complete<T = string>(request: LlmRequest<T>): Promise<Completion<T>>;
  /**
   * Many requests, answers in their order. As a batch where the provider has them: slower, at half the price;
   * a batch that an earlier process has sent is waited for and not sent again.
   */
  completeAll<T = string>(requests: readonly LlmRequest<T>[]): Promise<Completion<T>[]>;
  /** Why a tier cannot be asked, in one sentence that names the setting; undefined when it can. */
  problemOf(tier: Tier): string | undefined;
}
