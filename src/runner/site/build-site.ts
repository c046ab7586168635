import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MillwrightError } from '../../contracts/millwright-error.ts';
import type { Environment } from '../../forge/github/client/api-address.ts';
import { findGithubRepository } from '../../forge/github/client/find-repository.ts';
import type { PassContext } from '../../ledger/controller.ts';
import type { Workspace } from '../../ledger/workspace.ts';
import { escapeHtml } from './escape-html.ts';
import { htmlLink } from './html-parts.ts';
import { readReports, type SiteReport } from './read-reports.ts';
import { renderReport } from './render-report.ts';
import { siteCharts } from './site-charts.ts';
import { readSiteFacts, type SiteFacts } from './site-facts.ts';
import { markSite, openSiteFolder, removeSiteFiles, writeSiteFile } from './site-folder.ts';
import { type SiteLinks, siteLinks } from './site-links.ts';
import { sitePage } from './site-page.ts';
import { statusPage } from './status-page.ts';

export interface SiteOptions {
  readonly out: string;
  /** Write into a folder that holds files of others; they stay. */
  readonly force: boolean;
  /** With the history as Parquet files. */
  readonly data: boolean;
  readonly env: Environment;
  readonly signal?: AbortSignal;
}

export interface SiteBuilt {
  readonly out: string;
  readonly files: readonly string[];
  readonly ledger: SiteFacts['ledger'];
}

/**
 * Makes a static site from the ledger branch: pages, `status.json`, and the history where it is wanted. The same commit
 * gives the same pages. Everything is made before the first file is written. Throws `file-exists`.
 */
export async function buildSite(context: PassContext, options: SiteOptions): Promise<SiteBuilt> {
  const { out, force, data } = options;
  const before = await openSiteFolder(out, force);
  const facts = await readSiteFacts(context);
  const pages = await pagesOf(context.workspace, facts, options.env);
  if (data)
    await removeSiteFiles(
      out,
      before.filter((path) => path.startsWith('data/')),
    );
  for (const [path, text] of pages) await writeSiteFile(out, path, text);
  const written = [...pages.keys(), ...(data ? await writeData(context, options) : [])];
  const files = written.sort((a, b) => (a < b ? -1 : 1));
  await removeSiteFiles(
    out,
    before.filter((path) => !files.includes(path)),
  );
  await markSite(out, files);
  return { out, files, ledger: facts.ledger };
}

async function pagesOf(
  workspace: Workspace,
  facts: SiteFacts,
  env: Environment,
): Promise<Map<string, string>> {
  const links = siteLinks(webUrlOf(workspace, env), workspace.settings.forge === 'github');
  const reports = await readReports((await workspace.log.tip()).snapshot);
  const source = sourceWords(facts);
  const body = statusPage({ facts, charts: await siteCharts(facts), links });
  return new Map([
    ['index.html', sitePage({ title: 'Status', up: '', body, source })],
    ['status.json', `${JSON.stringify(facts, null, 2)}\n`],
    ['reports/index.html', sitePage({ title: 'Reports', up: '../', body: reportList(reports), source })],
    ...reports.map((report): [string, string] => [
      `reports/${report.name}.html`,
      sitePage({
        title: `Report ${report.name}`,
        up: '../',
        headed: true,
        body: reportBody(report, facts, links),
        source,
      }),
    ]),
  ]);
}

/** A workspace that is on no host of this sort has a site without links to it. */
function webUrlOf(workspace: Workspace, env: Environment): string | undefined {
  try {
    return findGithubRepository(workspace, env).webUrl;
  } catch (error) {
    if (error instanceof MillwrightError) return undefined;
    throw error;
  }
}

function sourceWords({ ledger: { branch, commit, at } }: SiteFacts): string {
  return commit === null ? `${branch} has no commit yet` : `From ${branch} at ${commit.slice(0, 10)}, ${at}`;
}

function reportList(reports: readonly SiteReport[]): string {
  if (reports.length === 0) return '<p>No report was written yet.</p>';
  const items = reports.map(
    ({ name }) => `<li>${htmlLink(name, `${encodeURIComponent(name)}.html`).html}</li>`,
  );
  return `<ul>\n${items.join('\n')}\n</ul>`;
}

function reportBody(report: SiteReport, { ledger }: SiteFacts, links: SiteLinks | undefined): string {
  const { commit } = ledger;
  const body = renderReport(report.markdown, {
    path: report.path,
    picture: (path) => report.pictures.get(path),
    file: (path) => (commit === null ? undefined : links?.file(commit, path)),
  });
  return `<article aria-label="${escapeHtml(report.name)}">\n${body}</article>`;
}

async function writeData(context: PassContext, { out, signal }: SiteOptions): Promise<string[]> {
  const { exportHistory } = await import('../export-history.ts');
  const folder = join(out, 'data');
  const options = { format: 'parquet', out: folder, partition: undefined, at: undefined } as const;
  await exportHistory(context, { ...options, ...(signal === undefined ? {} : { signal }) });
  return (await readdir(folder)).map((name) => `data/${name}`);
}
