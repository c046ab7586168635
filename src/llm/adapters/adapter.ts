import type { LlmMessage, SystemPart } from '../llm.ts';

/** One question to one model, as every provider understands it. */
export interface Question {
  /** As the provider names it. */
  readonly model: string;
  readonly system: readonly SystemPart[];
  readonly messages: readonly LlmMessage[];
  readonly tools: readonly {
    readonly name: string;
    readonly description: string;
    readonly inputSchema: Readonly<Record<string, unknown>>;
  }[];
  /** JSON Schema of the answer; without one it is text. */
  readonly answerSchema?: Readonly<Record<string, unknown>>;
  readonly maxOutputTokens: number;
  /** The most that it may cost, for providers that can be told so; USD. */
  readonly maxUsd?: number;
  readonly signal: AbortSignal;
}

/** Tokens. None is counted twice: `input` leaves out what came from a cache or went into one. */
export interface Usage {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite5m: number;
  readonly cacheWrite1h: number;
}

export type Answer =
  | {
      readonly result: 'answered';
      readonly text: string;
      readonly toolCalls: readonly { readonly id: string; readonly name: string; readonly input: unknown }[];
      readonly stop: 'end' | 'tools' | 'length' | 'refused';
      /** As the provider names the one that answered. */
      readonly model: string;
      readonly usage: Usage;
      /** Where the provider itself says what it took, USD. */
      readonly costUsd?: number;
    }
  | {
      readonly result: 'fault';
      /** `rate`, `overloaded`, `server`, `connection`, `cut` and `time` may be tried again; the others may not. */
      readonly fault:
        | 'rate'
        | 'overloaded'
        | 'server'
        | 'connection'
        | 'cut'
        | 'time'
        | 'credentials'
        | 'request'
        | 'garbage';
      readonly message: string;
      /** How long the provider wants to be left alone. */
      readonly retryAfterMs?: number;
      /** What it has cost all the same: `worst` when nobody knows, so that a budget counts the worst case. */
      readonly spent: 'nothing' | 'worst' | Usage;
      /** Where the provider itself says what it took, USD. */
      readonly costUsd?: number;
    };

/** What became of one question of a batch. */
export type BatchAnswer = Answer | { readonly result: 'canceled' | 'expired' };

/** Questions that are answered when the provider has time. */
export interface BatchAdapter {
  /** @returns the provider's name for the batch. Throws MillwrightError. */
  submit(questions: ReadonlyMap<string, Question>): Promise<string>;
  /** undefined while it is under way; `unknown` when the provider does not know it (any more). */
  answers(id: string): Promise<ReadonlyMap<string, BatchAnswer> | undefined | 'unknown'>;
  cancel(id: string): Promise<void>;
}

/** What speaks to a provider. It asks once, throws nothing, and knows no budget. */
export interface LlmAdapter {
  readonly provider: string;
  ask(question: Question): Promise<Answer>;
  readonly batches?: BatchAdapter;
}
