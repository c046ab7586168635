/** What the address of a remote says about a repository on a host. */
export interface RemoteAddress {
  readonly protocol: 'https' | 'http' | 'ssh';
  /** Small letters, an IPv6 address in brackets; without a port. */
  readonly hostname: string;
  /** Of https and http only: the port of an ssh server says nothing about its API. Empty for the usual one. */
  readonly port: string;
  readonly owner: string;
  readonly name: string;
}

/**
 * Reads `https://host/owner/name.git`, `ssh://git@host:22/owner/name` and `git@host:owner/name.git`. Undefined for a
 * path, for other protocols, and for everything that is not exactly an owner and a name as GitHub allows them.
 */
export function parseRemoteAddress(address: string): RemoteAddress | undefined {
  const place = /^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? placeOfUrl(address) : placeOfScp(address);
  const names = place && ownerAndName(place.path);
  if (place === undefined || names === undefined || !isHostname(place.hostname)) return undefined;
  const { protocol, hostname, port } = place;
  return { protocol, hostname: hostname.toLowerCase(), port, ...names };
}

type Place = Pick<RemoteAddress, 'protocol' | 'hostname' | 'port'> & { readonly path: string };

function placeOfUrl(address: string): Place | undefined {
  // A URL parser drops tabs and line ends, and takes "\" for "/": git does neither.
  if (/[\s\\\p{Cc}]/u.test(address) || !URL.canParse(address)) return undefined;
  const { protocol, hostname, port, pathname, search, hash } = new URL(address);
  if (search !== '' || hash !== '') return undefined;
  const kind = protocols[protocol];
  if (kind === undefined) return undefined;
  return { protocol: kind, hostname, port: kind === 'ssh' ? '' : port, path: pathname.replace(/^\//, '') };
}

const protocols: Readonly<Record<string, RemoteAddress['protocol']>> = {
  'https:': 'https',
  'http:': 'http',
  'ssh:': 'ssh',
  'git+ssh:': 'ssh',
  'ssh+git:': 'ssh',
};

/** A colon after a slash is part of a path. One letter before it is a drive of Windows. */
function placeOfScp(address: string): Place | undefined {
  const [, hostname = '', path = ''] =
    /^(?:[^@/\s:]+@)?(\[[0-9a-f:.]+\]|[^:/@\s[\]]{2,}):\/?([^\s\\]+)$/i.exec(address) ?? [];
  return hostname === '' ? undefined : { protocol: 'ssh', hostname, port: '', path };
}

/**
 * Owner and name of `owner/name`, `.git` and a slash at the end left out. Undefined for names that GitHub does not
 * allow, which are also those that could lead elsewhere as part of an address.
 */
export function ownerAndName(path: string): { owner: string; name: string } | undefined {
  const [, owner = '', found = ''] = /^([^/]+)\/([^/]+?)\/?$/.exec(path) ?? [];
  const name = found.replace(/\.git$/i, '');
  const good =
    /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/.test(owner) && /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/.test(name);
  return good ? { owner, name } : undefined;
}

function isHostname(text: string): boolean {
  return /^(?:\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9._-]{0,251}[a-z0-9])?)$/i.test(text);
}
