import { isMap, type YAMLMap, type YAMLSeq } from 'yaml';
import { insertInBlock, removeFromBlock } from './yaml-block-entries.ts';
import { replaceInBlock } from './yaml-block-replace.ts';
import { type Plain, toPlain, type YamlEdit } from './yaml-edit-data.ts';
import { insertInFlow, removeFromFlow, replaceInFlow } from './yaml-flow.ts';
import type { RenderStyle } from './yaml-render.ts';
import { findSlot, isFilledNode, type Slot } from './yaml-slot.ts';
import type { YamlSource } from './yaml-source.ts';
import { blockSteps } from './yaml-style.ts';

/**
 * The text with one edit done by cutting and pasting at the positions of nodes.
 * `path` is the path of the edit with the keys as they are typed in the document.
 * Undefined when the place is written in a way that this cannot reach (aliases, `? key` without a value).
 * The caller has to check the result: this function does not know YAML well enough to promise anything.
 */
export function spliceYaml(
  source: YamlSource,
  edit: YamlEdit,
  path: readonly unknown[],
  quoting: RenderStyle['quoting'],
): string | undefined {
  const found = findSlot(source, path);
  if (!found) return undefined;
  const { slot, rest } = found;
  if (edit.op === 'remove') return rest.length === 0 ? removed(source, slot, quoting) : undefined;
  const value = toPlain(edit.value);
  if (edit.op === 'append' && rest.length === 0) return appended(source, slot, value, quoting);
  return placed(source, slot, rest, edit.op === 'append' ? [value] : value, quoting);
}

function removed(source: YamlSource, slot: Slot, quoting: RenderStyle['quoting']): string | undefined {
  const { holder, index, up } = slot;
  if (!holder || !up) return undefined;
  if (holder.flow) return removeFromFlow(source, holder, index);
  if (holder.items.length > 1) return removeFromBlock(source, holder, index);
  return replaced(source, up, isMap(holder) ? new Map() : [], quoting);
}

function appended(source: YamlSource, slot: Slot, value: Plain, quoting: RenderStyle['quoting']) {
  if (isFilledNode(slot.node)) return inserted(source, slot, slot.node, undefined, value, quoting);
  return replaced(source, slot, [value], quoting);
}

// `rest` are the steps that are missing in the document: all but the first become maps of one entry.
function placed(
  source: YamlSource,
  slot: Slot,
  rest: readonly unknown[],
  value: Plain,
  quoting: RenderStyle['quoting'],
): string | undefined {
  const nested = (steps: readonly unknown[]) =>
    steps.reduceRight<Plain>((inner, step) => new Map([[step, inner]]), value);
  if (rest.length > 0 && isFilledNode(slot.node)) {
    return inserted(source, slot, slot.node, rest[0], nested(rest.slice(1)), quoting);
  }
  return replaced(source, slot, nested(rest), quoting);
}

function inserted(
  source: YamlSource,
  slot: Slot,
  node: YAMLMap | YAMLSeq,
  key: unknown,
  value: Plain,
  quoting: RenderStyle['quoting'],
): string {
  const style = { ...blockSteps(source, node), quoting };
  if (node.flow) return insertInFlow(source, node, key, value, style);
  return insertInBlock(source, { ...slot, node }, key, value, style);
}

function replaced(source: YamlSource, slot: Slot, value: Plain, quoting: RenderStyle['quoting']) {
  const style = { ...blockSteps(source, slot.holder), quoting };
  if (slot.holder?.flow) return replaceInFlow(source, slot, value, style);
  return slot.holder && !slot.node ? undefined : replaceInBlock(source, slot, value, style);
}
