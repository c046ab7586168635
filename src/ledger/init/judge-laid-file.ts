import { readStamp } from './stamp.ts';

/**
 * - `create`: it is not there
 * - `update`: nobody has edited it, and the template is another
 * - `keep`: it is what the template says, or a newer version of Millwright has laid it
 * - `edited`: somebody has edited it
 * - `foreign`: it has no stamp, so it is somebody else's
 */
export type LaidFile = 'create' | 'update' | 'keep' | 'edited' | 'foreign';

/** What becomes of a file that Millwright lays down. Pure. */
export function judgeLaidFile(there: string | undefined, template: string): LaidFile {
  if (there === undefined) return 'create';
  if (there.replaceAll('\r\n', '\n') === template) return 'keep';
  const stamp = readStamp(there);
  const news = readStamp(template);
  if (stamp === undefined || news === undefined) return 'foreign';
  if (!stamp.fits) return 'edited';
  return isNewer(stamp.version, news.version) ? 'keep' : 'update';
}

/** Whether `version` is newer than `other`, by its three numbers. */
function isNewer(version: string, other: string): boolean {
  const [left, right] = [version, other].map((text) => text.split(/[.+-]/, 3).map(Number));
  for (const at of [0, 1, 2]) {
    const difference = (left?.[at] ?? 0) - (right?.[at] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}
