import { basename, extname } from 'node:path';
import { maskSecrets } from '../contracts/secrets.ts';
import type { Oid } from '../git/repository.ts';
import type { Snapshot } from '../git/snapshot.ts';
import { speaksOf } from './error-page.ts';
import { type InboxFile, placeInInbox } from './inbox-file.ts';
import { REJECTED } from './paths.ts';

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

  /** The same file with the same content gets the place that it had before. */
  async take(file: InboxFile, local: boolean): Promise<RejectedPlace> {
    const parts = placeInInbox(file.path);
    const folder = `${REJECTED}/${parts.length < 2 ? 'unknown' : safeName(parts[0] ?? '') || 'unknown'}`;
    const name = basename(file.path);
    const end = safeName(extname(name));
    const stem = safeName(basename(name, extname(name))) || 'unnamed';
    const names = await this.#namesIn(folder);
    for (let attempt = 0; ; attempt += 1) {
      const start = `${stem}${mark(file.oid, attempt)}${local ? '.local' : ''}`;
      const place = { path: `${start}${end}`, page: `${start}.error.md` };
      if (!(await this.#isFree(names, place, file))) continue;
      names.set(place.path, file.oid).set(place.page, THIS_BATCH);
      return { path: `${folder}/${place.path}`, page: `${folder}/${place.page}` };
    }
  }

  async #isFree(names: ReadonlyMap<string, Oid>, place: RejectedPlace, file: InboxFile): Promise<boolean> {
    const [holder, page] = [names.get(place.path), names.get(place.page)];
    if (page === undefined) return holder === undefined || holder === file.oid;
    if (page === THIS_BATCH || (holder !== undefined && holder !== file.oid)) return false;
    return speaksOf(await this.#snapshot.blob(page), file);
  }

  async #namesIn(folder: string): Promise<Map<string, Oid>> {
    const known = this.#folders.get(folder);
    if (known !== undefined) return known;
    const names = new Map((await this.#snapshot.list(folder)).map((entry) => [entry.name, entry.oid]));
    this.#folders.set(folder, names);
    return names;
  }
}

const THIS_BATCH = '';

/** Nothing, then the beginning of the content's id, then that and a number. */
function mark(oid: Oid, attempt: number): string {
  if (attempt === 0) return '';
  return attempt === 1 ? `.${oid.slice(0, 8)}` : `.${oid.slice(0, 8)}.${attempt}`;
}

/** File names come from outside: what is left is safe in a path, a link and a shell, and no secret. */
function safeName(name: string): string {
  return maskSecrets(name)
    .replaceAll(/[^A-Za-z0-9._-]+/g, '_')
    .replace(/^[.-]+(?=.)/, (start) => (start === '.' ? '.' : '_'))
    .replace(/^[.-]+$/, '_')
    .slice(0, 100);
}
