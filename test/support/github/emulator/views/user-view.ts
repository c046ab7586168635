/** A user as GitHub shows one inside other things. Logins that end with `[bot]` are bots. */
export function userView(origin: string, login: string): Record<string, unknown> {
  const url = `${origin}/users/${encodeURIComponent(login)}`;
  return {
    login,
    id: numberOf(login),
    node_id: nodeId('U', numberOf(login)),
    avatar_url: `${origin}/avatars/${numberOf(login)}`,
    gravatar_id: '',
    url,
    html_url: `${origin}/${encodeURIComponent(login)}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: login.endsWith('[bot]') ? 'Bot' : 'User',
    user_view_type: 'public',
    site_admin: false,
  };
}

/** The opaque id that GraphQL takes. */
export function nodeId(kind: string, id: number | string): string {
  return `${kind}_${Buffer.from(`${kind}:${id}`).toString('base64url')}`;
}

function numberOf(login: string): number {
  return 1_000 + [...login].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 90_000, 7);
}
