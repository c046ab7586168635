import type { TemplateNode } from './check-template.ts';
import { fenceText } from './fence-text.ts';
import { inlineText } from './inline-text.ts';

export interface TemplateEngine {
  readonly filterNames: readonly string[];
  /** Throws an error whose message names line and column. */
  parse(template: string): TemplateNode;
  render(template: string, variables: Readonly<Record<string, unknown>>): string;
}

/** The parts of the library that its types leave out. */
interface Internals {
  readonly parser: { parse(template: string, extensions: unknown[], options: object): TemplateNode };
  readonly runtime: Record<string, unknown>;
}

/** What a prompt may use. `fence` and `line` are for text from outside. */
const ours = { fence: fenceText, line: inlineText, join: joined } as const;
const theirs = ['default', 'first', 'indent', 'last', 'length', 'lower', 'trim', 'upper'] as const;

let loaded: Promise<TemplateEngine> | undefined;

/** Loaded with the first prompt: most commands render none. */
export function loadTemplateEngine(): Promise<TemplateEngine> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<TemplateEngine> {
  const { default: nunjucks } = await import('nunjucks');
  const { parser, runtime } = nunjucks as unknown as Internals;
  const options = { autoescape: false, throwOnUndefined: true, trimBlocks: true, lstripBlocks: true };
  // No loader: an empty list, because none at all would mean a folder named "views".
  const environment = new nunjucks.Environment([], options);
  const filters = Object.fromEntries(theirs.map((name) => [name, environment.getFilter(name)]));
  // The library is no sandbox: with its own lookups and globals, a template reaches the process itself.
  Object.assign(environment, { globals: {}, tests: {}, filters: { ...filters, ...ours } });
  Object.assign(runtime, { memberLookup: ownField, ensureDefined: textOnly });
  return {
    filterNames: [...theirs, ...Object.keys(ours)],
    parse: (template) => parser.parse(template, [], options),
    render: (template, variables) =>
      new nunjucks.Template(template, environment, undefined, true).render(variables),
  };
}

/** The library's own takes the name of a field as well, and looks it up without asking. */
function joined(list: unknown, between: unknown = ''): string {
  return Array.isArray(list) ? list.join(String(between)) : String(list);
}

/** Fields that the data itself has, and no behaviour. */
function ownField(holder: unknown, key: unknown): unknown {
  if (key === 'constructor' || key === '__proto__' || key === 'prototype')
    throw new Error(`"${key}" is no field of data`);
  if (typeof holder !== 'object' || holder === null) return undefined;
  const field = Object.getOwnPropertyDescriptor(holder, key as PropertyKey);
  return typeof field?.value === 'function' ? undefined : field?.value;
}

/** What is put into the text has to be text: "undefined" or "[object Object]" would go unnoticed. */
function textOnly(value: unknown, line: number, column: number): unknown {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  const found = value === null || value === undefined ? 'a value that is not there' : 'a list or an object';
  throw new Error(`[Line ${line + 1}, Column ${column + 1}] ${found}`);
}
