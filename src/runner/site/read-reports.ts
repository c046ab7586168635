import type { Snapshot } from '../../git/snapshot.ts';
import { isRegularFile } from '../../git/tree.ts';
import { REPORTS } from '../loop/make-report.ts';

export interface SiteReport {
  /** Without its ending: the week. */
  readonly name: string;
  readonly path: string;
  readonly markdown: string;
  /** Pictures beside it as data addresses, by path. */
  readonly pictures: ReadonlyMap<string, string>;
}

const types: Readonly<Record<string, string>> = { svg: 'image/svg+xml', png: 'image/png' };
const MOST_BYTES = 2_000_000;

/** Every report of the ledger branch, the newest first. Links and large files are left out. */
export async function readReports(snapshot: Snapshot): Promise<SiteReport[]> {
  const files = (await snapshot.list(REPORTS)).filter(
    (entry) => isRegularFile(entry) && /^[\w-]{1,100}\.md$/.test(entry.name) && entry.name !== 'README.md',
  );
  const reports: SiteReport[] = [];
  for (const { name: file, oid } of files) {
    const name = file.slice(0, -'.md'.length);
    const content = await snapshot.blob(oid);
    if (content.length > MOST_BYTES) continue;
    const path = `${REPORTS}/${file}`;
    reports.push({
      name,
      path,
      markdown: content.toString('utf8'),
      pictures: await picturesOf(snapshot, name),
    });
  }
  return reports.sort((a, b) => (a.name < b.name ? 1 : -1));
}

async function picturesOf(snapshot: Snapshot, name: string): Promise<Map<string, string>> {
  const pictures = new Map<string, string>();
  for await (const { path, entry } of snapshot.walk(`${REPORTS}/${name}`)) {
    const type = types[path.split('.').at(-1) ?? ''];
    if (type === undefined || !isRegularFile(entry)) continue;
    const content = await snapshot.blob(entry.oid);
    if (content.length <= MOST_BYTES) pictures.set(path, `data:${type};base64,${content.toString('base64')}`);
  }
  return pictures;
}
