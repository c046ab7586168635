import type { NewObject } from '../ref-transport.ts';

/** From so many objects on, a stock server keeps a pack as it came (`receive.unpackLimit`). */
const KEPT_FROM = 100;
/** Fewer objects than this are written one by one as fast. */
const WORTH_IT = 30;

/**
 * The last objects that were pushed. A server writes each object of a small pack to a file of its own, which for
 * the claims of a whole machine takes most of the push. Objects that it has already make the pack large enough to
 * be kept: a few more bytes on the way, one file instead of eighty. They leave no rubbish: the next repack
 * drops what is there twice.
 */
export class RecentObjects {
  #objects: readonly NewObject[] = [];

  add(objects: readonly NewObject[]): void {
    this.#objects = [...objects, ...this.#objects].slice(0, KEPT_FROM);
  }

  /** These objects, filled up when that makes a difference. */
  filled(objects: readonly NewObject[]): readonly NewObject[] {
    const lacking = KEPT_FROM - objects.length;
    if (objects.length < WORTH_IT || lacking <= 0 || this.#objects.length < lacking) return objects;
    const own = new Set(objects.map(({ oid }) => oid));
    const others = this.#objects.filter(({ oid }) => !own.has(oid));
    return others.length < lacking ? objects : [...objects, ...others.slice(0, lacking)];
  }
}
