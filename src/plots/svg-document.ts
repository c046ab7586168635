/** The part of a DOM that a picture needs. */
export interface SvgNode {
  textContent: string | null;
  readonly childNodes: Iterable<SvgNode>;
  setAttribute(name: string, value: string): void;
  getAttribute(name: string): string | null;
  removeAttribute(name: string): void;
  append(...nodes: SvgNode[]): void;
  remove(): void;
  querySelectorAll(selector: string): Iterable<SvgNode>;
  toString(): string;
}

export interface SvgDocument {
  readonly documentElement: SvgNode;
  createElementNS(namespace: string, name: string): SvgNode;
}

const NAMESPACE = 'http://www.w3.org/2000/svg';

/** An XML document, not one of HTML: only its text form escapes what attributes hold. */
export async function createSvgDocument(): Promise<SvgDocument> {
  const { DOMParser } = await import('linkedom');
  const empty = `<svg xmlns="${NAMESPACE}"></svg>`;
  return new DOMParser().parseFromString(empty, 'image/svg+xml') as unknown as SvgDocument;
}

/** A new element; text becomes text, whatever it holds. */
export function svgElement(
  document: SvgDocument,
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  text?: string,
): SvgNode {
  const element = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  if (text !== undefined) element.textContent = text;
  return element;
}
