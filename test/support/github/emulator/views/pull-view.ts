import type { PullThread, World } from '../world.ts';
import { htmlUrl, sharedView } from './issue-view.ts';
import { repositoryView } from './repository-view.ts';
import { nodeId, userView } from './user-view.ts';

/** A pull request as lists show it. */
export function pullView(world: World, origin: string, thread: PullThread): Record<string, unknown> {
  const { number, pull } = thread;
  const repo = `${origin}/repos/${world.repository}`;
  const url = `${repo}/pulls/${number}`;
  const html = htmlUrl(world, origin, thread);
  return {
    ...sharedView(world, origin, thread),
    id: 20_000 + number,
    node_id: nodeId('PR', number),
    url,
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: `${repo}/issues/${number}`,
    ...linksOf(repo, number, pull.headSha),
    head: sideView(world, origin, pull.headRepository, pull.headBranch, pull.headSha),
    base: sideView(world, origin, world.repository, pull.base, pull.baseSha),
    draft: pull.draft,
    merged_at: pull.mergedAt,
    merge_commit_sha: pull.mergeSha,
    requested_reviewers: pull.reviewers.map((login) => userView(origin, login)),
    requested_teams: pull.teams.map((slug) => teamView(origin, world, slug)),
    auto_merge: autoMergeView(origin, pull.autoMerge),
    _links: hrefs(repo, html, number, pull.headSha),
  };
}

function linksOf(repo: string, number: number, sha: string): Record<string, string> {
  const url = `${repo}/pulls/${number}`;
  return {
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${repo}/pulls/comments{/number}`,
    comments_url: `${repo}/issues/${number}/comments`,
    statuses_url: `${repo}/statuses/${sha}`,
  };
}

function hrefs(repo: string, html: string, number: number, sha: string): Record<string, { href: string }> {
  const links = linksOf(repo, number, sha);
  const href = (address: string | undefined) => ({ href: address ?? '' });
  return {
    self: href(`${repo}/pulls/${number}`),
    html: href(html),
    issue: href(`${repo}/issues/${number}`),
    comments: href(links.comments_url),
    review_comments: href(links.review_comments_url),
    review_comment: href(links.review_comment_url),
    commits: href(links.commits_url),
    statuses: href(links.statuses_url),
  };
}

function sideView(
  world: World,
  origin: string,
  repository: string,
  branch: string,
  sha: string,
): Record<string, unknown> {
  const [owner = ''] = repository.split('/');
  return {
    label: `${owner}:${branch}`,
    ref: branch,
    sha,
    user: userView(origin, owner),
    repo: repositoryView(world, origin, repository),
  };
}

function teamView(origin: string, world: World, slug: string): Record<string, unknown> {
  const [owner = ''] = world.repository.split('/');
  const url = `${origin}/orgs/${owner}/teams/${slug}`;
  return {
    id: 700 + slug.length,
    node_id: nodeId('T', slug),
    name: slug,
    slug,
    description: null,
    privacy: 'closed',
    notification_setting: 'notifications_enabled',
    permission: 'push',
    url,
    html_url: url,
    members_url: `${url}/members{/member}`,
    repositories_url: `${url}/repos`,
    type: 'organization',
    parent: null,
  };
}

function autoMergeView(origin: string, autoMerge: PullThread['pull']['autoMerge']): unknown {
  if (autoMerge === null) return null;
  return {
    enabled_by: userView(origin, autoMerge.by),
    merge_method: autoMerge.method,
    commit_title: null,
    commit_message: null,
  };
}
