export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Words for people, and GitHub's own additions: no answer is judged by them. */
const DROPPED = new Set([
  'description',
  'summary',
  'externalDocs',
  'x-github',
  'x-octokit',
  'x-multi-segment',
  'tags',
]);

/** Some paths of an OpenAPI description with every component that they reach; keys in order. */
export function sliceOf(whole: Json, paths: readonly string[]): Json {
  const kept = Object.fromEntries(paths.map((path) => [path, taken(at(whole, ['paths', path]))]));
  const components = new Map<string, Json>();
  const waiting = refsIn(kept);
  for (let ref = waiting.pop(); ref !== undefined; ref = waiting.pop()) {
    if (components.has(ref)) continue;
    const component = taken(at(whole, ref.split('/').slice(1)));
    components.set(ref, component);
    waiting.push(...refsIn(component));
  }
  const info = {
    title: 'The part of the GitHub REST API that is used',
    version: at(whole, ['info', 'version']),
  };
  const slice = { openapi: at(whole, ['openapi']), info, servers: [{ url: '/' }], paths: kept };
  return sorted({ ...slice, components: grouped(components) });
}

function at(json: Json, path: readonly string[]): Json {
  let found: Json | undefined = json;
  for (const key of path) found = isObject(found) ? found[key] : undefined;
  if (found === undefined) throw new Error(`the description has no ${path.join(' > ')}`);
  return found;
}

function isObject(json: Json | undefined): json is { [key: string]: Json } {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

/**
 * A property may be called `description` itself: under `properties` every name is kept. An answer without a body
 * has nothing but its description, and is no answer without it.
 */
function taken(json: Json, areNames = false): Json {
  if (Array.isArray(json)) return json.map((entry) => taken(entry));
  if (!isObject(json)) return json;
  const entries = Object.entries(json);
  const kept = entries.filter(([key]) => areNames || !DROPPED.has(key));
  if (kept.length === 0) return 'description' in json ? { description: '' } : {};
  return Object.fromEntries(
    kept.map(([key, value]) => [key, taken(value, key === 'properties' && !areNames)]),
  );
}

function refsIn(json: Json): string[] {
  if (Array.isArray(json)) return json.flatMap(refsIn);
  if (!isObject(json)) return [];
  return Object.entries(json).flatMap(([key, value]) =>
    key === '$ref' && typeof value === 'string' ? [value] : refsIn(value),
  );
}

/** `#/components/schemas/issue` back in its place. */
function grouped(components: ReadonlyMap<string, Json>): Json {
  const groups: Record<string, Record<string, Json>> = {};
  for (const [ref, component] of components) {
    const [, , group = '', name = ''] = ref.split('/');
    groups[group] = { ...groups[group], [name]: component };
  }
  return groups;
}

function sorted(json: Json): Json {
  if (Array.isArray(json)) return json.map(sorted);
  if (!isObject(json)) return json;
  const keys = Object.keys(json).sort((a, b) => (a < b ? -1 : 1));
  return Object.fromEntries(keys.map((key) => [key, sorted(json[key] ?? null)]));
}
