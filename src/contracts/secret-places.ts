import { findSecret } from './secrets.ts';

export interface SecretPlace {
  /** What kind of secret it seems to be. */
  readonly label: string;
  /** The field that holds it; for a secret that is a field's name, what holds that field. */
  readonly path: readonly (string | number)[];
}

/**
 * The first place in `data` that seems to hold a secret: any text, however deep, and any name of a field.
 * What stands in several places, as the aliases of YAML make it, is looked at once.
 */
export function findSecretIn(data: unknown): SecretPlace | undefined {
  const seen = new Set<unknown>();
  const open: { value: unknown; path: readonly (string | number)[] }[] = [{ value: data, path: [] }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, path } = next;
    if (seen.has(value)) continue;
    if (typeof value === 'string' || (typeof value === 'object' && value !== null)) seen.add(value);
    const label = typeof value === 'string' ? findSecret(value) : secretName(value);
    if (label !== undefined) return { label, path };
    for (const member of members(value, path).reverse()) open.push(member);
  }
  return undefined;
}

function secretName(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return findSecret(Object.keys(value).join('\n'));
}

function members(value: unknown, path: readonly (string | number)[]) {
  if (Array.isArray(value)) return value.map((item: unknown, at) => ({ value: item, path: [...path, at] }));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).map(([key, item]) => ({ value: item as unknown, path: [...path, key] }));
}
