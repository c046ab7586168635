import { basename, extname } from 'node:path';
import { maskSecrets } from '../contracts/secrets.ts';
import type { Oid } from '../git/repository.ts';
import type { Snapshot } from '../git/snapshot.ts';
import type { InboxFile } from './inbox-file.ts';
import { INBOX, REJECTED } from './paths.ts';

export interface RejectedPlace {
  /** Where the file goes. */
  readonly path: string;
  /** Where its page goes. */
  readonly page: string;
}

/**
 * The names under `queue/rejected` that are taken: by what lies there, and by what one batch puts there.
 * No file and no page ever takes the place of another one.
 */
export class RejectedPlaces {
  readonly #snapshot: Snapshot;
  readonly #folders = new Map<string, Map<string, Oid>>();

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot;
  }

  /** The same content under the same name gets the place that it had before. */
  async take(file: InboxFile, local: boolean): Promise<RejectedPlace> {
    const parts = file.path.slice(INBOX.length + 1).split('/');
    const folder = `${REJECTED}/${parts.length < 2 ? 'unknown' : safeName(parts[0] ?? '') || 'unknown'}`;
    const name = basename(file.path);
    const end = safeName(extname(name));
    const stem = safeName(basename(name, extname(name))) || 'unnamed';
    const names = await this.#namesIn(folder);
    for (const mark of ['', `.${file.oid.slice(0, 8)}`, `.${file.oid}`]) {
      const start = `${stem}${mark}${local ? '.local' : ''}`;
      if (mark.length < 41 && !(await this.#isFree(names, `${start}${end}`, `${start}.error.md`, file.oid)))
        continue;
      names.set(`${start}${end}`, file.oid).set(`${start}.error.md`, '');
      return { path: `${folder}/${start}${end}`, page: `${folder}/${start}.error.md` };
    }
    throw new Error('the full content id is a name of its own');
  }

  async #isFree(names: ReadonlyMap<string, Oid>, name: string, pageName: string, oid: Oid): Promise<boolean> {
    const [holder, page] = [names.get(name), names.get(pageName)];
    if (holder !== undefined) return holder === oid;
    if (page === undefined) return true;
    // A file that was not committed left only its page: is this the page about the same content?
    return page !== '' && (await this.#snapshot.blob(page)).includes(`\ncontent: ${oid}\n`);
  }

  async #namesIn(folder: string): Promise<Map<string, Oid>> {
    const known = this.#folders.get(folder);
    if (known !== undefined) return known;
    const names = new Map((await this.#snapshot.list(folder)).map((entry) => [entry.name, entry.oid]));
    this.#folders.set(folder, names);
    return names;
  }
}

/** File names come from outside: what is left is safe in a path, a link and a shell, and no secret. */
function safeName(name: string): string {
  return maskSecrets(name)
    .replaceAll(/[^A-Za-z0-9._-]+/g, '_')
    .replace(/^[.-]+(?=.)/, (start) => (start === '.' ? '.' : '_'))
    .replace(/^[.-]+$/, '_')
    .slice(0, 100);
}
