import { MillwrightError } from '../../../contracts/millwright-error.ts';
import { isLoopbackHost } from './is-loopback-host.ts';

/** Without a slash at the end. Tokens go there: only https, except on this machine. Throws `github-unsafe-address`. */
export function safeAddress(address: string, source: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const plain = url?.protocol === 'http:' && isLoopbackHost(url.hostname);
  const bare = url !== undefined && `${url.username}${url.password}${url.search}${url.hash}` === '';
  if (url === undefined || !bare || !(url.protocol === 'https:' || plain)) throw unsafe(source);
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

function unsafe(source: string): MillwrightError {
  return new MillwrightError(
    'github-unsafe-address',
    `${source} is no address that a token may be sent to: expected https, or http to this machine, without a user or a query`,
    { hint: `set ${source} to something like https://github.example.com/api/v3`, data: { source } },
  );
}
