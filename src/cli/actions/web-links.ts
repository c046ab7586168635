import { encodedPart, encodedPath } from '../../contracts/encoded-path.ts';
import type { Io } from '../command.ts';

/** Addresses on GitHub, for summaries. Everything in them that comes from outside is encoded. */
export interface WebLinks {
  file(branch: string, path: string): string;
  /** Its pull requests, whatever became of them. */
  proposal(id: string): string;
  /** A branch as it is now. */
  branch(name: string): string;
}

/** Undefined where the run does not say which repository it is for. */
export function webLinks({ env }: Pick<Io, 'env'>): WebLinks | undefined {
  const [server = '', repository = ''] = [env.GITHUB_SERVER_URL, env.GITHUB_REPOSITORY];
  if (!/^https?:\/\/[\w.:-]+$/.test(server) || !/^[\w.-]+\/[\w.-]+$/.test(repository)) return undefined;
  const page = `${server}/${repository}`;
  return {
    file: (branch, path) => `${page}/blob/${encodedPath(branch)}/${encodedPath(path)}`,
    proposal: (id) => `${page}/pulls?q=${encodedPart(`is:pr head:${id}`)}`,
    branch: (name) => `${page}/tree/${encodedPath(name)}`,
  };
}
