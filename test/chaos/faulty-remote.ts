import type { IncomingMessage } from 'node:http';
import { basename, dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { bareRemote, type GitFolder } from '../support/git-folder.ts';
import { type HttpGitServer, httpGitServer, type Interception } from '../support/http-git-server.ts';
import { type Link, openLink } from './link.ts';

/** A repository behind a real http server whose troubles a test decides. */
export interface FaultyRemote extends AsyncDisposable {
  readonly repository: GitFolder;
  /** What clones use. It stays the same whatever happens to the server. */
  readonly url: string;
  readonly link: Link;
  /** Another way to the same server, for one client alone. */
  linkOfItsOwn(host?: string): Promise<Link>;
  urlAt(link: Link, host?: string): string;
  /** Asked for every request; undefined serves it. */
  trouble: (req: IncomingMessage) => Interception | undefined;
  /** Ends the server with everything that it has under way, and starts it anew. */
  restart(downMs: number): Promise<void>;
}

export async function faultyRemote(): Promise<FaultyRemote> {
  const repository = await bareRemote();
  const state: { trouble: FaultyRemote['trouble'] } = { trouble: () => undefined };
  const start = () =>
    httpGitServer({ root: dirname(repository.dir), intercept: (req) => state.trouble(req) });
  let server: HttpGitServer = await start();
  const open = (host?: string) => openLink(() => server.port, host);
  const links: Link[] = [await open()];
  const [link] = links as [Link];
  const urlAt = ({ port }: Link, host = '127.0.0.1') => `http://${host}:${port}/${basename(repository.dir)}`;
  return {
    repository,
    url: urlAt(link),
    link,
    urlAt,
    linkOfItsOwn: async (host) => {
      const own = await open(host);
      links.push(own);
      return own;
    },
    get trouble() {
      return state.trouble;
    },
    set trouble(next) {
      state.trouble = next;
    },
    restart: async (downMs) => {
      await link.cut();
      await server.stop();
      await pause(downMs);
      server = await start();
      await link.mend();
    },
    [Symbol.asyncDispose]: async () => {
      for (const one of links) await one[Symbol.asyncDispose]();
      await server.stop();
      await repository[Symbol.asyncDispose]();
    },
  };
}
