import { escapeHtml } from './escape-html.ts';

/** HTML that needs no escaping any more. */
export interface Html {
  readonly html: string;
}

export const html = (text: string): Html => ({ html: text });

/** A cell of a table: text, a number, or HTML. */
export type Cell = string | number | Html;

/** With what to say where there is no row. */
export function htmlTable(head: readonly string[], rows: readonly (readonly Cell[])[], none: string): string {
  if (rows.length === 0) return `<p>${escapeHtml(none)}</p>`;
  const cells = rows.map((row) => `<tr>${row.map(cell).join('')}</tr>`).join('\n');
  const names = head.map((name, at) => {
    const align = typeof rows[0]?.[at] === 'number' ? ' class="number"' : '';
    return `<th scope="col"${align}>${escapeHtml(name)}</th>`;
  });
  return `<div class="wide"><table>\n<thead><tr>${names.join('')}</tr></thead>\n<tbody>\n${cells}\n</tbody></table></div>`;
}

function cell(content: Cell): string {
  if (typeof content === 'number') return `<td class="number">${content.toLocaleString('en-US')}</td>`;
  return `<td>${typeof content === 'string' ? escapeHtml(content) : content.html}</td>`;
}

/** A link where there is an address, which must be one of ours. */
export function htmlLink(words: string, address: string | undefined): Html {
  const text = escapeHtml(words);
  if (address === undefined) return html(text);
  return html(`<a href="${escapeHtml(address)}" rel="noopener noreferrer">${text}</a>`);
}
