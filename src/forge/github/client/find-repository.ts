import { MillwrightError } from '../../../contracts/millwright-error.ts';
import type { Workspace } from '../../../ledger/workspace.ts';
import { type Environment, type GithubHost, githubCom, hostOfEnvironment } from './api-address.ts';
import type { GithubRepository } from './github-repository.ts';
import { isLoopbackHost } from './is-loopback-host.ts';
import { ownerAndName, parseRemoteAddress, type RemoteAddress } from './remote-address.ts';
import { safeAddress } from './safe-address.ts';

/**
 * The repository of a workspace on GitHub: the one that the settings name, or the one whose workflow this is, or
 * the one that the remote's address says. Where its API is comes from `GITHUB_API_URL` or from the remote, never
 * from a file of the repository. Throws `github-no-repository`, `github-unsafe-address`.
 */
export function findGithubRepository(
  workspace: Pick<Workspace, 'settings' | 'remote'>,
  env: Environment,
): GithubRepository {
  const remote = parseRemoteAddress(workspace.remote?.address ?? '');
  const named = namedRepository(workspace.settings.github.repository, env);
  const names = named ?? remote;
  const host = hostOfEnvironment(env) ?? hostOfRemote(remote) ?? (named && githubCom);
  if (names === undefined || host === undefined) throw noRepository(workspace.remote?.remote);
  const { owner, name } = names;
  return { owner, name, apiUrl: host.apiUrl, webUrl: `${host.webUrl}/${owner}/${name}` };
}

function namedRepository(setting: string | undefined, env: Environment) {
  const [text, source] =
    setting !== undefined
      ? [setting, 'github.repository in millwright.yaml']
      : [env.GITHUB_ACTIONS === 'true' ? env.GITHUB_REPOSITORY : undefined, 'GITHUB_REPOSITORY'];
  if (text === undefined || text === '') return undefined;
  const names = ownerAndName(text);
  if (names === undefined)
    throw new MillwrightError('github-no-repository', `${source} names no repository: expected owner/name`, {
      hint: 'the name stands in the address of its page: https://github.com/owner/name',
    });
  return names;
}

/** Undefined where the address does not say it: a short name of the user's ssh settings may be any host. */
function hostOfRemote(remote: RemoteAddress | undefined): GithubHost | undefined {
  if (remote === undefined) return undefined;
  const { protocol, hostname, port } = remote;
  if (/^(?:www\.|ssh\.)?github\.com$/.test(hostname) && port === '') return githubCom;
  if (protocol === 'ssh' && !hostname.includes('.')) return undefined;
  if (hostname.endsWith('.ghe.com') && port === '')
    return { apiUrl: `https://api.${hostname}`, webUrl: `https://${hostname}` };
  const plain = protocol === 'http' || (protocol === 'ssh' && isLoopbackHost(hostname));
  const webUrl = `${plain ? 'http' : 'https'}://${hostname}${port === '' ? '' : `:${port}`}`;
  return { apiUrl: safeAddress(`${webUrl}/api/v3`, "the remote's address"), webUrl };
}

function noRepository(remote: string | undefined): MillwrightError {
  const found = remote === undefined ? 'there is no remote' : `the address of ${remote} does not say one`;
  return new MillwrightError('github-no-repository', `which repository on GitHub is this? ${found}`, {
    hint: 'set github.repository in millwright.yaml to owner/name; GITHUB_API_URL says where another host has its API',
  });
}
