import type { World } from '../world.ts';
import type { ChangedFile } from './pull-details.ts';

export function fileView(
  world: World,
  origin: string,
  head: string,
  file: ChangedFile,
): Record<string, unknown> {
  const path = file.path.split('/').map(encodeURIComponent).join('/');
  return {
    sha: file.sha,
    filename: file.path,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${origin}/${world.repository}/blob/${head}/${path}`,
    raw_url: `${origin}/${world.repository}/raw/${head}/${path}`,
    contents_url: `${origin}/repos/${world.repository}/contents/${path}?ref=${head}`,
  };
}
