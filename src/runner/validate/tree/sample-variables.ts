import type { TemplateNode } from '../../../prompts/check-template.ts';

/** What a template does with a value: which fields it asks for, and whether it repeats something for each entry. */
interface Shape {
  readonly fields: Map<string, Shape>;
  entry?: Shape;
}

/** Values that a template can be filled in with, made from the way in which it uses its variables. */
export function sampleVariables(root: TemplateNode, names: readonly string[]): Record<string, unknown> {
  const shapes = new Map(names.map((name) => [name, newShape()]));
  visit(root, shapes);
  return Object.fromEntries([...shapes].map(([name, shape]) => [name, sampleOf(shape)]));
}

function newShape(): Shape {
  return { fields: new Map() };
}

function visit(node: TemplateNode, shapes: ReadonlyMap<string, Shape>): void {
  shapeOf(node, shapes);
  if (node.typename === 'For') visitLoop(node, shapes);
  else for (const child of node.fields.flatMap((field) => partOf(node, field))) visit(child, shapes);
}

function visitLoop(node: TemplateNode, shapes: ReadonlyMap<string, Shape>): void {
  const [list, name, body, otherwise] = ['arr', 'name', 'body', 'else_'].map(
    (field) => partOf(node, field)[0],
  );
  if (list !== undefined) visit(list, shapes);
  const whole = list === undefined ? undefined : shapeOf(list, shapes);
  const entry = whole?.entry ?? newShape();
  if (whole !== undefined) whole.entry = entry;
  const loop = newShape();
  if (body !== undefined) visit(body, new Map([...shapes, [nameOf(name), entry], ['loop', loop]]));
  if (otherwise !== undefined) visit(otherwise, shapes);
}

/** The value that an expression stands for, where it is a variable or a field of one. */
function shapeOf(node: TemplateNode, shapes: ReadonlyMap<string, Shape>): Shape | undefined {
  if (node.typename === 'Symbol') return shapes.get(nameOf(node));
  if (node.typename !== 'LookupVal') return undefined;
  const [target, key] = [partOf(node, 'target')[0], partOf(node, 'val')[0]];
  const holder = target === undefined ? undefined : shapeOf(target, shapes);
  if (holder === undefined) return undefined;
  const field = holder.fields.get(nameOf(key)) ?? newShape();
  holder.fields.set(nameOf(key), field);
  return field;
}

function sampleOf({ fields, entry }: Shape): unknown {
  if (entry !== undefined) return [sampleOf(entry)];
  if (fields.size === 0) return 'sample';
  return Object.fromEntries([...fields].map(([name, shape]) => [name, sampleOf(shape)]));
}

function nameOf(node: TemplateNode | undefined): string {
  return String((node as { value?: unknown } | undefined)?.value ?? '');
}

function partOf(node: TemplateNode, field: string): TemplateNode[] {
  const value = (node as unknown as Readonly<Record<string, unknown>>)[field];
  return (Array.isArray(value) ? value : [value]).filter(
    (one): one is TemplateNode => typeof one === 'object' && one !== null && 'typename' in one,
  );
}
