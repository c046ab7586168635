import { type GitRun, git, gitEnvironment, gitFailed } from '../program.ts';
import type { Remote } from '../remote-refs.ts';
import { goesThroughProxy } from './proxy.ts';

/** What this program may do itself; the rest is left to git, which knows every setting. */
export interface GitHttpConfig {
  readonly push: boolean;
  readonly read: boolean;
  /** Of `http.extraHeader`, by lower-case name. */
  readonly headers: Readonly<Record<string, string[]>>;
  /** Path of the certificates to trust instead of those that come with this program. */
  readonly certificates?: string;
}

const nothingHere: GitHttpConfig = { push: false, read: false, headers: {} };

/** Asks git how it would talk to this remote. Throws `git-failed` for a broken configuration. */
export async function gitHttpConfig(run: GitRun, remote: Remote): Promise<GitHttpConfig> {
  const url = new URL(remote.address);
  const env = gitEnvironment(run.env);
  if (isExoticEnvironment(env, url)) return nothingHere;
  const all = await settings(['--get-regexp', '^(http|remote|url|protocol|push)\\.'], run);
  const http = all.some(([key]) => key.startsWith('http.')) ? await httpSettings(url, run) : [];
  const headers = headersOf(all, http, url);
  const exotic =
    http.some((setting) => isExoticHttp(setting, url)) || all.some((setting) => isExotic(setting, remote));
  if (headers === undefined || exotic || !hasOneAddress(remote, all)) return nothingHere;
  const certificates = url.protocol === 'https:' && certificatesOf(env, http);
  const read = await fetchesFrom(remote, all, run);
  return { push: true, read, headers, ...(certificates && { certificates }) };
}

/** What the environment says comes first. */
function certificatesOf(env: NodeJS.ProcessEnv, http: readonly Setting[]): string | undefined {
  return env.GIT_SSL_CAINFO || http.find(([key]) => key === 'http.sslcainfo')?.[1];
}

type Setting = readonly [key: string, value: string];

function isExoticEnvironment(env: NodeJS.ProcessEnv, url: URL): boolean {
  const names = Object.keys(env).filter((name) => env[name] !== '' && name !== 'GIT_SSL_CAINFO');
  const ssl = url.protocol === 'https:' && names.some((name) => name.startsWith('GIT_SSL_'));
  return ssl || goesThroughProxy(env, url);
}

async function settings(question: readonly string[], run: GitRun): Promise<Setting[]> {
  const args = ['config', '-z', ...question];
  const answer = await git(args, run);
  // 1: there is no such setting.
  if (answer.code > 1) throw gitFailed(args, answer);
  const entries = answer.stdout
    .toString('utf8')
    .split('\0')
    .filter((entry) => entry !== '');
  return entries.map((entry) => {
    const end = entry.indexOf('\n');
    return end === -1 ? [entry, 'true'] : [entry.slice(0, end), entry.slice(end + 1)];
  });
}

/** The ones that count for this address. A password has no place on a command line. */
function httpSettings(url: URL, run: GitRun): Promise<Setting[]> {
  return settings(['--get-urlmatch', 'http', Object.assign(new URL(url), { password: '' }).href], run);
}

const harmless =
  /^http\.(?:extraheader|useragent|version|postbuffer|lowspeedlimit|lowspeedtime|maxrequests|minsessions|sslbackend|sslcainfo|schannel\w*)$/;

function isExoticHttp([key, value]: Setting, url: URL): boolean {
  if (key.startsWith('http.ssl') && url.protocol === 'http:') return false;
  if (key === 'http.sslverify') return !/^(?:true|yes|on|1)$/i.test(value);
  if (key === 'http.followredirects') return !/^(?:true|initial)$/i.test(value);
  return !harmless.test(key);
}

function isExotic([key, value]: Setting, { remote }: Remote): boolean {
  if (key.startsWith('protocol.')) return key !== 'protocol.version' || value !== '2';
  if (/^push\.(?:gpgsign|pushoption)$/.test(key)) return true;
  if (!key.startsWith(`remote.${remote}.`)) return false;
  return /^(?:proxy|proxyauthmethod|receivepack|uploadpack|vcs|serveroption)$/.test(
    key.slice(8 + remote.length),
  );
}

/**
 * Git adds up the headers of every section that fits the address, but tells only one of them. With more
 * than one that may be for this host, undefined.
 */
function headersOf(
  all: readonly Setting[],
  http: readonly Setting[],
  url: URL,
): Record<string, string[]> | undefined {
  const lines = all.filter(([key]) => /^http\.(?:.*\.)?extraheader$/.test(key));
  const near = lines.filter(
    ([key]) => key === 'http.extraheader' || key.includes('*') || key.includes(url.hostname),
  );
  if (near.length > 1) return undefined;
  const value = http.find(([key]) => key === 'http.extraheader')?.[1] ?? '';
  if (value === '') return {};
  const [, name, text] = /^([\w-]+):[ \t]*([^\r\n\0]*)$/.exec(value) ?? [];
  return name === undefined || text === undefined ? undefined : { [name.toLowerCase()]: [text] };
}

/** Where git fetches from and pushes to: one address, as a rule. */
function addressesOf({ remote }: Remote, all: readonly Setting[]): { fetch: string[]; push: string[] } {
  const values = (name: string) =>
    all.filter(([key]) => key === `remote.${remote}.${name}`).map(([, value]) => value);
  const [fetch, push] = [values('url'), values('pushurl')];
  return { fetch, push: push.length > 0 ? push : fetch };
}

/** Git pushes to all addresses of a remote, and rewrites one that is given instead of a name. */
function hasOneAddress(remote: Remote, all: readonly Setting[]): boolean {
  const { push } = addressesOf(remote, all);
  return push.length === 1 || (push.length === 0 && !isRewritten(all));
}

/** True when git fetches from where it pushes to. */
async function fetchesFrom(remote: Remote, all: readonly Setting[], run: GitRun): Promise<boolean> {
  const { fetch } = addressesOf(remote, all);
  if (!isRewritten(all))
    return fetch.length === 0 ? remote.remote === remote.address : fetch[0] === remote.address;
  const answer = await git(['remote', 'get-url', remote.remote], run);
  return answer.code === 0 && answer.stdout.toString('utf8').trimEnd() === remote.address;
}

function isRewritten(all: readonly Setting[]): boolean {
  return all.some(([key]) => key.startsWith('url.'));
}
