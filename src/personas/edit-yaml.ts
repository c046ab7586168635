import { editedData, sameData, showPath, typedPath, type YamlEdit } from './yaml-edit-data.ts';
import { reprintYaml } from './yaml-reprint.ts';
import { commentsIn, dataOf, editFailed, readYaml, type YamlSource } from './yaml-source.ts';
import { spliceYaml } from './yaml-splice.ts';

export type { YamlEdit, YamlPath, YamlValue } from './yaml-edit-data.ts';

/**
 * Applies the edits one after the other to one YAML document and changes only the lines that it must:
 * comments, blank lines, quotes, indentation and the order of keys stay as a person wrote them.
 *
 * - `set` replaces the value at the path, or adds it as the last entry of its map; missing maps on the way are made.
 * - `append` adds an item to the sequence at the path, which may be missing, null or `[]`.
 * - `remove` takes out a map entry or a sequence item; its comments stay, and an emptied block becomes `[]` or `{}`.
 *
 * Each result is read again and has to hold the expected data and all comments in their order. Where cutting and
 * pasting cannot reach that (say, inside exotic YAML), the document is printed anew, which can change its layout.
 *
 * @throws MillwrightError `yaml-edit-failed` for text that is not exactly one valid document (with the line number),
 *   for a path that does not fit the data, and for an edit that would change other data or lose a comment.
 */
export function editYaml(text: string, edits: readonly YamlEdit[]): string {
  const mark = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : '';
  try {
    return mark + edits.reduce(edited, text.slice(mark.length));
  } catch (error) {
    if (error instanceof RangeError) throw editFailed('its data is nested too deeply', {}, error);
    throw error;
  }
}

const BYTE_ORDER_MARK = '\u{feff}';

function edited(text: string, edit: YamlEdit): string {
  const source = readYaml(text);
  const data = dataOf(source);
  const expected = editedData(data, edit);
  return sameData(data, expected) ? text : firstRight(source, edit, expected, typedPath(data, edit.path));
}

// An attempt may fail with an error of the YAML library for what it cannot print: then the next one has its chance.
function firstRight(source: YamlSource, edit: YamlEdit, expected: unknown, path: readonly unknown[]): string {
  let cause: unknown;
  for (const attempt of attempts(source, edit, path)) {
    try {
      const text = attempt();
      if (text !== undefined && isRight(source, text, expected)) return text;
    } catch (error) {
      cause = error;
    }
  }
  const reason = `${edit.op} at ${showPath(edit.path)} would change other data or lose a comment`;
  throw editFailed(reason, { op: edit.op, path: edit.path }, cause);
}

// From the prettiest to the plainest; most edits need only the first.
function attempts(source: YamlSource, edit: YamlEdit, path: readonly unknown[]) {
  const splices = (['kept', 'flat', 'double'] as const).map(
    (quoting) => () => spliceYaml(source, edit, path, quoting),
  );
  return [...splices, () => reprintYaml(source, edit, path)];
}

function isRight(source: YamlSource, text: string, expected: unknown): boolean {
  const result = readYaml(text);
  return sameData(dataOf(result), expected) && sameData(commentsIn(result), commentsIn(source));
}
