import type { Oid } from '../../git/repository.ts';

/** Addresses of files on the pages of a repository. Every part of a name is encoded. */
export function pageAddress(webUrl: string) {
  return {
    permalink: (commit: Oid, path: string, line?: number): string => {
      const place = line === undefined ? '' : `?plain=1#L${line}`;
      return `${webUrl}/blob/${encodeURIComponent(commit)}/${encoded(path)}${place}`;
    },
    picture: (branch: string, path: string): string =>
      `${webUrl}/blob/${encoded(branch)}/${encoded(path)}?raw=true`,
  };
}

/** Brackets would end a link in markdown. */
function encoded(path: string): string {
  return path
    .split('/')
    .map((part) =>
      encodeURIComponent(part).replaceAll(
        /[()'!*]/g,
        (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
      ),
    )
    .join('/');
}
