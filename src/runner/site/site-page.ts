import { createHash } from 'node:crypto';
import { escapeHtml } from './escape-html.ts';
import { siteStyle } from './site-style.ts';

export interface SitePage {
  readonly title: string;
  /** From this page to the folder of the site: empty, or `../`. */
  readonly up: string;
  /** True where the body begins with a heading of its own. */
  readonly headed?: boolean;
  /** HTML. Whoever makes it escapes what is not its own. */
  readonly body: string;
  /** What the site was made from, in words. */
  readonly source: string;
}

/** A whole page. It asks nobody for anything and runs nothing: pictures are inside, and the style is known by its hash. */
export function sitePage({ title, up, headed = false, body, source }: SitePage): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(title)}</title>
<style>${siteStyle}</style>
</head>
<body>
<header><nav><a href="${up}index.html">Status</a><a href="${up}reports/index.html">Reports</a><a href="${up}status.json">Data</a></nav></header>
<main>
${headed ? '' : `<h1>${escapeHtml(title)}</h1>\n`}${body}
</main>
<footer><p>${escapeHtml(source)}</p></footer>
</body>
</html>
`;
}

const styleHash = createHash('sha256').update(siteStyle).digest('base64');
const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; img-src data:; base-uri 'none'; form-action 'none'`;
