export type FoundJson =
  | { readonly ok: true; readonly data: unknown }
  | { readonly ok: false; readonly reason: string };

/** Longer answers are not searched: nothing that is asked for is near it. */
const LONGEST = 5_000_000;

/**
 * The one JSON value of an answer: the whole text, or the only code block that is JSON, or the only JSON object
 * within prose. Of several nobody can say which was meant.
 */
export function findJson(text: string): FoundJson {
  if (text.length > LONGEST) return none(`expected JSON, found ${text.length} characters`);
  const whole = parsed(text.trim());
  if (whole !== undefined) return { ok: true, data: whole.data };
  for (const pieces of [codeBlocks(text), objectsIn(text)]) {
    const found = pieces.map(parsed).filter((value) => value !== undefined);
    if (found.length > 1) return none(`expected one JSON value, found ${found.length}`);
    if (found[0] !== undefined) return { ok: true, data: found[0].data };
  }
  return none(text.trim() === '' ? 'expected JSON, found nothing' : `expected JSON, found ${kindOf(text)}`);
}

function none(reason: string): FoundJson {
  return { ok: false, reason };
}

function kindOf(text: string): string {
  return /^\s*(?:```\w*\s*)?[{[]/.test(text) ? 'JSON that is broken or cut off' : 'prose';
}

function parsed(text: string): { readonly data: unknown } | undefined {
  try {
    return { data: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

function codeBlocks(text: string): string[] {
  const parts = text.split(/^[ \t]*```[^\n]*$/m);
  // Text and code take turns; a block that is never closed is cut off.
  return parts.filter((_, at) => at % 2 === 1 && at < parts.length - 1);
}

/** The outermost `{...}` of a text, in one go over it; what stands in strings does not count. */
function objectsIn(text: string): string[] {
  const found: string[] = [];
  let [depth, start, inString] = [0, 0, false];
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (inString) {
      if (sign === '\\') at += 1;
      else if (sign === '"') inString = false;
    } else if (sign === '"') inString = depth > 0;
    else if (sign === '{') {
      if (depth === 0) start = at;
      depth += 1;
    } else if (sign === '}' && depth > 0) {
      depth -= 1;
      if (depth === 0) found.push(text.slice(start, at + 1));
    }
  }
  return found;
}
