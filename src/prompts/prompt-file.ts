import { z } from 'zod';
import { describeZodIssues } from '../contracts/describe-zod.ts';
import { kebab, line, name } from '../contracts/fields.ts';
import { parseBytes } from '../contracts/parse-text.ts';
import { badPrompt } from './bad-prompt.ts';

/** Lower case only, so that no variable has the name of something that every object inherits. */
const variableName = z
  .string()
  .max(80)
  .regex(/^(?!constructor$)[a-z][a-z0-9_]*$/, 'expected a name of lower case letters, digits and "_"');

const promptHead = z
  .strictObject({
    name: kebab.describe('The name of the file, without its ending.'),
    summary: line.describe('What the prompt is for.'),
    persona: name.optional().describe('The persona that the prompt is written for.'),
    variables: z.array(variableName).describe('What whoever renders it has to give.'),
    optional: z.array(variableName).default([]).describe('What the body can do without.'),
  })
  .check(({ value, issues }) => {
    const all = [...value.variables, ...value.optional];
    const twice = all.find((one, at) => all.indexOf(one) !== at);
    if (twice === undefined) return;
    const message = `expected every variable once, found "${twice}" twice`;
    issues.push({ code: 'custom', message, path: ['variables'], input: value.variables });
  });
export type PromptHead = z.infer<typeof promptHead>;

export interface PromptFile {
  readonly path: string;
  readonly head: PromptHead;
  /** The template, without empty lines around it. */
  readonly body: string;
  /** The line of the file, counted from 1, on which the body starts. */
  readonly bodyLine: number;
  /** The first line of the file's body that names a variable. */
  firstUseOf(variable: string): number | undefined;
}

/** Reads the front matter and the body of a prompt. Throws `bad-prompt` with every problem. */
export function readPromptFile(path: string, bytes: Uint8Array): PromptFile {
  const read = parseBytes(bytes, '.md');
  if (!read.ok) throw badPrompt(path, read.issues);
  const parsed = promptHead.safeParse(read.data);
  if (!parsed.success)
    throw badPrompt(
      path,
      describeZodIssues(parsed.error, read.data, read.lineOf, Object.keys(promptHead.shape)),
    );
  const head = parsed.data;
  if (!path.endsWith(`/${head.name}.md`)) {
    const found = JSON.stringify(head.name);
    throw badPrompt(path, [
      { line: read.lineOf(['name']), field: 'name', expected: 'the name of the file', found },
    ]);
  }
  if (read.body === '')
    throw badPrompt(path, [{ field: '', expected: 'a text below the front matter', found: 'none' }]);
  const bodyLine = startOfBody(bytes);
  return {
    path,
    head,
    body: read.body,
    bodyLine,
    firstUseOf: (variable) => {
      const shape = new RegExp(`\\b${variable}\\b`);
      const at = read.body.split('\n').findIndex((text) => shape.test(text));
      return at === -1 ? undefined : bodyLine + at;
    },
  };
}

function startOfBody(bytes: Uint8Array): number {
  const lines = Buffer.from(bytes).toString('utf8').split('\n');
  const end = lines.findIndex((text, at) => at > 0 && text.startsWith('---'));
  return lines.findIndex((text, at) => at > end && text.trim() !== '') + 1;
}
