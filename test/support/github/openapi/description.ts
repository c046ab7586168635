import { readFile } from 'node:fs/promises';

/** The parts of the description that are looked at; schemas are the validator's business. */
export interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Components;
}

export type Components = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export interface Operation {
  readonly parameters?: readonly (Parameter | Reference)[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, Response | Reference>>;
}

export interface Reference {
  readonly $ref: string;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: object;
}

export interface Response {
  readonly content?: Content;
}

export type Content = Readonly<Record<string, { readonly schema: object; readonly examples?: object }>>;

/** The name under which the validator knows the description: every reference in it starts with this. */
export const DESCRIPTION_ID = 'https://example.invalid/github';

export async function readDescription(): Promise<Description> {
  const text = await readFile(new URL('./slice.json', import.meta.url), 'utf8');
  return asSchemas(JSON.parse(text)) as Description;
}

/** What a reference of the description means. */
export function resolved<T extends object>(description: Description, thing: T | Reference): T {
  if (!('$ref' in thing)) return thing;
  const [, , group = '', name = ''] = thing.$ref.split('/').slice(-4);
  return description.components[group]?.[name] as T;
}

/**
 * From OpenAPI 3.0 to JSON Schema: `nullable` is a keyword of its own there, which says nothing beside `enum` or
 * `anyOf` in JSON Schema, and references lead into the whole description.
 */
function asSchemas(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(asSchemas);
  if (typeof json !== 'object' || json === null) return json;
  const { nullable, ...rest } = json as Record<string, unknown>;
  const kept = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, asSchemas(value)]));
  if (typeof kept.$ref === 'string') kept.$ref = kept.$ref.replace(/^#/, `${DESCRIPTION_ID}#`);
  if (nullable !== true)
    return typeof nullable === 'object' ? { ...kept, nullable: asSchemas(nullable) } : kept;
  return { anyOf: [kept, { type: 'null' }] };
}
