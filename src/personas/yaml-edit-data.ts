import { isDeepStrictEqual } from 'node:util';
import { editFailed } from './yaml-source.ts';

/** A value that YAML and JSON share. `undefined` is not one of them. */
export type YamlValue =
  | string
  | number
  | boolean
  | null
  | readonly YamlValue[]
  | { readonly [key: string]: YamlValue };

/** A `YamlValue` whose maps keep the order and the type of their keys. */
export type Plain = string | number | boolean | null | Plain[] | Map<unknown, Plain>;

/** From the top of the document: keys of maps and zero-based positions in sequences. */
export type YamlPath = readonly (string | number)[];

export type YamlEdit =
  | { readonly op: 'set'; readonly path: YamlPath; readonly value: YamlValue }
  | { readonly op: 'append'; readonly path: YamlPath; readonly value: YamlValue }
  | { readonly op: 'remove'; readonly path: YamlPath };

/**
 * The data after one edit. Maps are `Map` objects; the given data is not changed.
 * @throws MillwrightError `yaml-edit-failed` when the path does not fit the data.
 */
export function editedData(data: unknown, edit: YamlEdit): unknown {
  if (edit.op === 'remove') return changed(data, edit.path.slice(0, -1), edit, (old) => without(old, edit));
  const value = toPlain(edit.value);
  if (edit.op === 'set') return changed(data, edit.path, edit, () => value);
  return changed(data, edit.path, edit, (old) => [...itemsOf(old, edit), value]);
}

/** The path with the keys as they are typed in the data: `'80'` becomes `80` when only that key is there. */
export function typedPath(data: unknown, path: YamlPath): unknown[] {
  const typed: unknown[] = [];
  let value = data;
  for (const step of path) {
    const key = value instanceof Map ? keyIn(value, step) : step;
    typed.push(key);
    value = childOf(value, key);
  }
  return typed;
}

/** True when both hold the same values in the same order. */
export function sameData(a: unknown, b: unknown): boolean {
  if (a instanceof Map && b instanceof Map) return sameData([...a].flat(1), [...b].flat(1));
  if (!Array.isArray(a) || !Array.isArray(b)) return isDeepStrictEqual(a, b);
  return a.length === b.length && a.every((item, index) => sameData(item, b[index]));
}

export function toPlain(value: YamlValue): Plain {
  if (Array.isArray(value)) return value.map(toPlain);
  if (value === null || typeof value !== 'object') return value;
  return new Map(Object.entries(value).map(([key, item]) => [key, toPlain(item)]));
}

/** Names a path in messages, like `playbook[2].text`. */
export function showPath(path: YamlPath): string {
  const steps = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`));
  return steps.join('').replace(/^\./, '') || 'the top of the document';
}

function changed(data: unknown, path: YamlPath, edit: YamlEdit, change: (old: unknown) => unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return change(data);
  if (data === null || data === undefined)
    return new Map([[newKey(step, edit), changed(null, rest, edit, change)]]);
  if (data instanceof Map) {
    const key = keyIn(data, step);
    return new Map(data).set(key, changed(data.get(key), rest, edit, change));
  }
  if (!Array.isArray(data)) throw misfit(edit, `a value on the way is neither a map nor a sequence`);
  if (!hasItem(data, step)) throw misfit(edit, `there is no item ${step} in a sequence of ${data.length}`);
  return data.map((item, index) => (index === step ? changed(item, rest, edit, change) : item));
}

// A number in a path whose parent is missing could mean a sequence or a map: nobody can tell.
function newKey(step: string | number, edit: YamlEdit): string {
  if (typeof step === 'number') throw misfit(edit, `the parent of item ${step} does not exist`);
  if (edit.op === 'remove') throw misfit(edit, 'there is no such entry');
  return step;
}

function without(data: unknown, edit: YamlEdit): unknown {
  const step = edit.path.at(-1);
  if (step === undefined) throw misfit(edit, 'the whole document cannot be removed');
  if (Array.isArray(data) && hasItem(data, step)) return data.filter((_, index) => index !== step);
  if (!(data instanceof Map) || !data.has(keyIn(data, step))) throw misfit(edit, 'there is no such entry');
  return new Map([...data].filter(([key]) => key !== keyIn(data, step)));
}

function itemsOf(old: unknown, edit: YamlEdit): unknown[] {
  if (old === null || old === undefined) return [];
  if (!Array.isArray(old)) throw misfit(edit, 'the value there is not a sequence');
  return old;
}

function misfit(edit: YamlEdit, reason: string) {
  return editFailed(`${edit.op} at ${showPath(edit.path)}: ${reason}`, { op: edit.op, path: edit.path });
}

function hasItem(data: readonly unknown[], step: string | number): step is number {
  return typeof step === 'number' && Number.isInteger(step) && step >= 0 && step < data.length;
}

function keyIn(map: ReadonlyMap<unknown, unknown>, step: string | number): unknown {
  if (map.has(step)) return step;
  const isAlike = (key: unknown) => key !== null && typeof key !== 'object' && String(key) === String(step);
  return [...map.keys()].find(isAlike) ?? step;
}

function childOf(value: unknown, key: unknown): unknown {
  if (value instanceof Map) return value.get(key);
  return Array.isArray(value) && typeof key === 'number' ? value[key] : undefined;
}
