import { closest } from '../contracts/closest.ts';
import { type Issue, showText } from '../contracts/issue.ts';
import type { PromptFile } from './prompt-file.ts';

/** A node of a parsed template, as far as it is looked at. Lines are counted from 0. */
export interface TemplateNode {
  readonly typename: string;
  readonly fields: readonly string[];
  readonly lineno: number;
}

/**
 * What a prompt may do: put variables in, choose, repeat, compare, and use a few filters. Everything else is
 * refused by name, calls and macros first of all: whoever can call something can reach the whole program.
 */
const allowed: ReadonlySet<string> = new Set([
  ...['Root', 'NodeList', 'Output', 'TemplateData', 'Group', 'Literal', 'Symbol', 'LookupVal', 'Filter'],
  ...['If', 'InlineIf', 'For', 'And', 'Or', 'Not', 'In', 'Compare', 'CompareOperand'],
]);

const forbiddenKeys: ReadonlySet<unknown> = new Set(['constructor', '__proto__', 'prototype']);

interface Walk {
  readonly file: PromptFile;
  readonly filters: readonly string[];
  readonly issues: Issue[];
}

/** Everything in a template that the rules do not allow, with its line in the file. */
export function checkTemplate(root: TemplateNode, file: PromptFile, filters: readonly string[]): Issue[] {
  const walk = { file, filters, issues: [] };
  visit(walk, root, new Set([...file.head.variables, ...file.head.optional]));
  return walk.issues;
}

function visit(walk: Walk, node: TemplateNode, names: ReadonlySet<string>): void {
  const { typename } = node;
  if (!allowed.has(typename)) report(walk, node, typename, 'a variable, if, for or a filter', typename);
  else if (typename === 'Symbol') checkVariable(walk, node, names);
  else if (typename === 'Literal') checkLiteral(walk, node);
  else if (typename === 'Filter') checkFilter(walk, node, names);
  else if (typename === 'For') checkLoop(walk, node, names);
  else {
    if (typename === 'LookupVal') checkKey(walk, node);
    for (const child of childrenOf(node)) visit(walk, child, names);
  }
}

function checkVariable(walk: Walk, node: TemplateNode, names: ReadonlySet<string>): void {
  const name = String(part(node, 'value'));
  if (names.has(name)) return;
  const meant = closest(name, [...names]);
  const hint =
    meant === undefined ? 'list it in the front matter, under variables' : `did you mean "${meant}"?`;
  report(walk, node, name, 'a variable that the front matter lists', JSON.stringify(name), hint);
}

/** The language has patterns too; one of them can keep a program busy for hours. */
function checkLiteral(walk: Walk, node: TemplateNode): void {
  const value = part(node, 'value');
  if (typeof value === 'object' && value !== null) report(walk, node, '', 'a text or a number', 'a pattern');
}

function checkKey(walk: Walk, node: TemplateNode): void {
  const key = childOf(node, 'val');
  const name = key?.typename === 'Literal' ? part(key, 'value') : undefined;
  if (name === undefined) report(walk, node, '', 'a field by its name', 'a computed one');
  if (forbiddenKeys.has(name)) report(walk, node, String(name), 'a field of the data', JSON.stringify(name));
}

function checkFilter(walk: Walk, node: TemplateNode, names: ReadonlySet<string>): void {
  const filter = childOf(node, 'name');
  const name = filter === undefined ? '' : String(part(filter, 'value'));
  if (!walk.filters.includes(name))
    report(walk, node, name, `one of the filters ${walk.filters.join(', ')}`, JSON.stringify(name));
  const values = childOf(node, 'args');
  if (values !== undefined) visit(walk, values, names);
}

function checkLoop(walk: Walk, node: TemplateNode, names: ReadonlySet<string>): void {
  const [list, name, body, otherwise] = ['arr', 'name', 'body', 'else_'].map((field) => childOf(node, field));
  if (list !== undefined) visit(walk, list, names);
  const entry = name?.typename === 'Symbol' ? String(part(name, 'value')) : undefined;
  if (entry === undefined) report(walk, node, '', 'one name for each entry', 'several');
  else if (body !== undefined) visit(walk, body, new Set([...names, entry, 'loop']));
  if (otherwise !== undefined) visit(walk, otherwise, names);
}

function childrenOf(node: TemplateNode): TemplateNode[] {
  return node.fields.flatMap((field) => {
    const value = part(node, field);
    return (Array.isArray(value) ? value : [value]).filter(isNode);
  });
}

function childOf(node: TemplateNode, field: string): TemplateNode | undefined {
  const value = part(node, field);
  return isNode(value) ? value : undefined;
}

function part(node: TemplateNode, field: string): unknown {
  return (node as unknown as Readonly<Record<string, unknown>>)[field];
}

function isNode(value: unknown): value is TemplateNode {
  return typeof value === 'object' && value !== null && 'typename' in value && 'fields' in value;
}

function report(
  walk: Walk,
  node: TemplateNode,
  field: string,
  expected: string,
  found: string,
  hint?: string,
): void {
  const line = node.lineno + walk.file.bodyLine;
  const more = hint === undefined ? {} : { hint };
  walk.issues.push({ line, field: showText(field), expected, found: showText(found), ...more });
}
