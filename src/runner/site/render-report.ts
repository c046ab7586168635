import { posix } from 'node:path';
import MarkdownIt from 'markdown-it';
import { escapeHtml } from './escape-html.ts';

export interface ReportSurroundings {
  /** Path of the report in the repository. */
  readonly path: string;
  /** The address of a picture's content, for a path in the repository; undefined where there is none to show. */
  picture(path: string): string | undefined;
  /** Where a file of the repository can be read; undefined where it cannot. */
  file(path: string): string | undefined;
}

/**
 * A report as HTML. No HTML of the report itself gets through, links lead to http, https or a file of the repository,
 * and pictures are those that the repository has: nothing is fetched from elsewhere.
 */
export function renderReport(markdown: string, around: ReportSurroundings): string {
  const md = new MarkdownIt({ html: false, linkify: false, typographer: false });
  md.validateLink = (address) => /^https?:\/\//i.test(address) || isRelative(address);
  md.renderer.rules.image = (tokens, at) => {
    const { content = '', attrs } = tokens[at] ?? {};
    const source = String(attrs?.find(([name]) => name === 'src')?.[1] ?? '');
    return image(around, source, content);
  };
  md.renderer.rules.link_open = (tokens, at) => {
    const address = String(tokens[at]?.attrGet('href') ?? '');
    const target = targetOf(around, address);
    return target === undefined ? '<a>' : `<a href="${escapeHtml(target)}" rel="noopener noreferrer">`;
  };
  // The policy of the page allows no style of an element, by which markdown-it aligns.
  md.renderer.rules.th_open = (tokens, at) => cellOpen('th', tokens[at]?.attrGet('style'));
  md.renderer.rules.td_open = (tokens, at) => cellOpen('td', tokens[at]?.attrGet('style'));
  md.renderer.rules.table_open = () => '<div class="wide"><table>\n';
  md.renderer.rules.table_close = () => '</table></div>\n';
  return md.render(markdown);
}

function cellOpen(name: string, style: string | number | null | undefined): string {
  return String(style ?? '').includes('right') ? `<${name} class="number">` : `<${name}>`;
}

function isRelative(address: string): boolean {
  return !/^(?:[a-z][a-z0-9+.-]*:|[\\/]{2})/i.test(address.trim());
}

function targetOf(around: ReportSurroundings, address: string): string | undefined {
  if (!isRelative(address)) return address;
  if (address.startsWith('#')) return address;
  const path = pathOf(around, address);
  if (path === undefined) return undefined;
  const here = posix.dirname(around.path);
  if (posix.dirname(path) === here && /^[\w-]+\.md$/.test(posix.basename(path)))
    return posix.basename(path).replace(/\.md$/, '.html');
  return around.file(path);
}

function image(around: ReportSurroundings, source: string, words: string): string {
  const path = isRelative(source) ? pathOf(around, source) : undefined;
  const content = path === undefined ? undefined : around.picture(path);
  const alt = escapeHtml(words);
  return content === undefined ? `(${alt})` : `<img src="${escapeHtml(content)}" alt="${alt}">`;
}

/** In the repository; undefined for what leads out of it. */
function pathOf({ path }: ReportSurroundings, address: string): string | undefined {
  let decoded: string;
  try {
    decoded = decodeURIComponent(address.replace(/[?#].*$/s, ''));
  } catch {
    return undefined;
  }
  const found = posix.normalize(
    decoded.startsWith('/') ? decoded.slice(1) : posix.join(posix.dirname(path), decoded),
  );
  return found === '..' || found.startsWith('../') ? undefined : found;
}
