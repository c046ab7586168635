import { parseDocument } from 'yaml';
import { toPlain, type YamlEdit } from './yaml-edit-data.ts';
import type { YamlSource } from './yaml-source.ts';

/**
 * The text with one edit done in the node tree and printed anew. This reaches every kind of YAML but changes
 * the layout of the whole document, so it is for what cannot be done by cutting and pasting.
 * @throws Error of the YAML library when the edit does not fit the tree.
 */
export function reprintYaml({ text, eol }: YamlSource, edit: YamlEdit, path: readonly unknown[]): string {
  const doc = parseDocument(text);
  if (edit.op === 'remove') doc.deleteIn(path);
  else {
    const value = doc.createNode(toPlain(edit.value), { aliasDuplicateObjects: false });
    if (edit.op === 'set') doc.setIn(path, value);
    else if (doc.hasIn(path)) doc.addIn(path, value);
    else doc.setIn(path, doc.createNode([value]));
  }
  const printed = doc.toString({ lineWidth: 0 }).replaceAll('\n', eol);
  return text.endsWith('\n') ? printed : printed.trimEnd();
}
