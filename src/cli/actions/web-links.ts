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
    file: (branch, path) => `${page}/blob/${encodePath(branch)}/${encodePath(path)}`,
    proposal: (id) => `${page}/pulls?q=${encode(`is:pr head:${id}`)}`,
    branch: (name) => `${page}/tree/${encodePath(name)}`,
  };
}

function encodePath(path: string): string {
  return path.split('/').map(encode).join('/');
}

/** Brackets would end a link in markdown. */
function encode(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString('utf8')).replaceAll(
    /[()!'*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
