import { type SvgDocument, type SvgNode, svgElement } from './svg-document.ts';
import { fitText, textWidth } from './text-width.ts';

export interface TextStyle {
  /** Pixels. */
  readonly size: number;
  readonly fill: string;
  readonly bold?: boolean;
}

export interface TextLines {
  readonly nodes: readonly SvgNode[];
  /** Pixels. */
  readonly height: number;
}

/** Text broken into lines of at most `width` pixels, from `left`, 0 on. A word that is too long is cut. */
export function drawTextLines(
  document: SvgDocument,
  text: string,
  left: number,
  width: number,
  { size, fill, bold = false }: TextStyle,
): TextLines {
  const measured = bold ? size * 1.12 : size;
  const step = Math.round(size * 1.4);
  const nodes = brokenText(text, measured, width).map((line, index) => {
    const place = { x: left, y: index * step + size, 'font-size': size, fill };
    return svgElement(document, 'text', bold ? { ...place, 'font-weight': 'bold' } : place, line);
  });
  return { nodes, height: nodes.length * step };
}

function brokenText(text: string, size: number, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && textWidth(longer, size) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.map((line) => fitText(line, size, width));
}
