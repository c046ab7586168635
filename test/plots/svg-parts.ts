import { parseHTML } from 'linkedom';

export interface SvgPart {
  readonly textContent: string;
  readonly childNodes: readonly SvgPart[];
  getAttribute(name: string): string | null;
}

/** A parsed picture: what a selector finds in it. */
export function svgParts(svg: string): (selector: string) => SvgPart[] {
  const { document } = parseHTML(`<html><body>${svg}</body></html>`) as unknown as {
    document: { querySelectorAll(selector: string): Iterable<SvgPart> };
  };
  return (selector) => [...document.querySelectorAll(selector)];
}

/** The labels along an axis, in the order in which they are drawn. */
export function tickLabels(svg: string, axis: 'x' | 'y'): string[] {
  return svgParts(svg)(`[aria-label="${axis}-axis tick label"] text`).map(({ textContent }) => textContent);
}
