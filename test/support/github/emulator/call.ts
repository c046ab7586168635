import type { Answer } from './answer.ts';
import type { TokenRights } from './options.ts';
import type { World } from './world.ts';

/** One request, with everything that a route may ask about it. */
export interface Call {
  readonly world: World;
  /** The address under which the client reached GitHub; links in answers start with it. */
  readonly origin: string;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** The parts of the path that the pattern names, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  readonly actor: TokenRights;
  /** Of the token: what is counted by token. */
  readonly token: string;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** `{name}` is one part of the path, `{name...}` the rest of it. Below the repository unless it starts with `//`. */
  readonly path: string;
  /** As in `x-accepted-github-permissions`: alternatives between `; `. Empty needs nothing. */
  readonly needs: string;
  answer(call: Call): Answer | Promise<Answer>;
}

/** Text of a field; undefined when it is not there or not text. */
export function textOf(call: Call, field: string): string | undefined {
  const value = call.body[field];
  return typeof value === 'string' ? value : undefined;
}

/** A list of texts; undefined when the field is not there. */
export function textsOf(call: Call, field: string): string[] | undefined {
  const value = call.body[field];
  if (!Array.isArray(value)) return undefined;
  return value.filter((entry) => typeof entry === 'string');
}
