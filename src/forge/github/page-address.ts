import { encodedPath } from '../../contracts/encoded-path.ts';
import type { Oid } from '../../git/repository.ts';

/** Addresses of files on the pages of a repository. Every part of a name is encoded. */
export function pageAddress(webUrl: string) {
  return {
    permalink: (commit: Oid, path: string, line?: number): string => {
      const place = line === undefined ? '' : `?plain=1#L${line}`;
      return `${webUrl}/blob/${encodeURIComponent(commit)}/${encodedPath(path)}${place}`;
    },
    picture: (branch: string, path: string): string =>
      `${webUrl}/blob/${encodedPath(branch)}/${encodedPath(path)}?raw=true`,
  };
}
