/** True when curl, and so git, would send questions for this address to a proxy of the environment. */
export function goesThroughProxy(env: Readonly<Record<string, string | undefined>>, url: URL): boolean {
  // Curl does not look at HTTP_PROXY: in a CGI program, anybody may set that with a header.
  const own = url.protocol === 'https:' ? [env.https_proxy, env.HTTPS_PROXY] : [env.http_proxy];
  const proxy = [...own, env.all_proxy, env.ALL_PROXY].find((value) => value !== undefined && value !== '');
  return proxy !== undefined && !isExempt(env.no_proxy ?? env.NO_PROXY ?? '', url.hostname);
}

/** Names count with everything below them. Address ranges are not looked at: git decides about those. */
function isExempt(list: string, host: string): boolean {
  const entries = list.split(/[\s,]+/).filter((entry) => entry !== '');
  return entries.some((entry) => {
    const name = entry.toLowerCase().replace(/^\./, '').replace(/:\d+$/, '');
    return entry === '*' || host === name || host.endsWith(`.${name}`);
  });
}
