import { z } from 'zod';
import { connectionFault } from './connection-fault.ts';
import { type Fault, faultOfStatus, garbage, outOfTime } from './fault.ts';
import { retryAfter } from './retry-after.ts';
import type { TimeBox } from './time-box.ts';
import type { WatchedFetch } from './watched-fetch.ts';

/** What is known about a call that ended with an error. */
export interface Scene {
  readonly box: TimeBox;
  readonly watched: WatchedFetch;
  readonly limitMs: number;
  readonly now: Date;
  /** True after the first event of an answer. */
  readonly begun: boolean;
  /** Masks a message. */
  tell(message: string): string;
}

/** What an error of the library, or one in a stream, means. */
export function anthropicFault(error: unknown, scene: Scene): Fault {
  const { box, watched, tell } = scene;
  const why = box.why();
  if (why !== undefined) return outOfTime(why, scene.limitMs);
  const status = numberAt(error, 'status');
  const said = messageOf(error);
  if (status !== undefined) {
    return faultOfStatus(status, tell(`answered ${status}: ${said}`), waitOf(error, scene));
  }
  const type = textAt(error, 'type');
  if (type !== undefined) return faultOfType(type, tell(`${type}: ${said}`), scene.begun);
  if (watched.tooLong()) return garbage('an answer that is far too long');
  if (watched.failure() !== undefined) return connectionFault(watched.failure(), tell);
  if (error instanceof SyntaxError) return garbage('an answer that is no JSON');
  if (error instanceof z.ZodError) return garbage('an answer that is not of this protocol');
  if (!scene.begun) return connectionFault(error, tell);
  return { result: 'fault', fault: 'cut', message: tell(`the answer was cut off: ${said}`), spent: 'worst' };
}

const kinds: Readonly<Record<string, Fault['fault']>> = {
  authentication_error: 'credentials',
  permission_error: 'credentials',
  billing_error: 'credentials',
  rate_limit_error: 'rate',
  overloaded_error: 'overloaded',
  invalid_request_error: 'request',
  not_found_error: 'request',
  request_too_large: 'request',
};

/**
 * What an error means that comes without a status: in a stream, or for one request of a batch.
 * @param begun something of the answer had come, and is charged
 */
export function faultOfType(type: string, message: string, begun: boolean): Fault {
  return {
    result: 'fault',
    fault: kinds[type] ?? 'server',
    message,
    spent: begun || type === 'timeout_error' ? 'worst' : 'nothing',
  };
}

function waitOf(error: unknown, { now }: Scene): number | undefined {
  const headers = at(error, 'headers');
  return headers instanceof Headers ? retryAfter((name) => headers.get(name), now) : undefined;
}

function messageOf(error: unknown): string {
  const said = textAt(error, 'apiMessage');
  if (said !== undefined) return said;
  return error instanceof Error ? error.message : String(error);
}

function numberAt(value: unknown, name: string): number | undefined {
  const found = at(value, name);
  return typeof found === 'number' ? found : undefined;
}

function textAt(value: unknown, name: string): string | undefined {
  const found = at(value, name);
  return typeof found === 'string' ? found : undefined;
}

function at(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
