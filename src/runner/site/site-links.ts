/** Addresses of the host of the repository, for people. Everything in them is encoded. */
export interface SiteLinks {
  proposal(id: string): string;
  file(commit: string, path: string): string;
}

/** @param webUrl the page of the repository, such as https://github.com/owner/name; others give no links */
export function siteLinks(webUrl: string | undefined, pulls: boolean): SiteLinks | undefined {
  if (webUrl === undefined || !/^https?:\/\/[^\s"'<>?#]+$/.test(webUrl)) return undefined;
  const plain = (path: string) => path.split('/').map(encodeURIComponent).join('/');
  return {
    proposal: (id) =>
      pulls ? `${webUrl}/pulls?q=${encodeURIComponent(`is:pr head:${id}`)}` : `${webUrl}/tree/${plain(id)}`,
    file: (commit, path) => `${webUrl}/blob/${commit}/${plain(path)}`,
  };
}
