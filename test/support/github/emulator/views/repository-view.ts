import type { World } from '../world.ts';
import { nodeId, userView } from './user-view.ts';

const LINKS: Readonly<Record<string, string>> = {
  archive_url: '{archive_format}{/ref}',
  assignees_url: 'assignees{/user}',
  blobs_url: 'git/blobs{/sha}',
  branches_url: 'branches{/branch}',
  collaborators_url: 'collaborators{/collaborator}',
  comments_url: 'comments{/number}',
  commits_url: 'commits{/sha}',
  compare_url: 'compare/{base}...{head}',
  contents_url: 'contents/{+path}',
  contributors_url: 'contributors',
  deployments_url: 'deployments',
  downloads_url: 'downloads',
  events_url: 'events',
  forks_url: 'forks',
  git_commits_url: 'git/commits{/sha}',
  git_refs_url: 'git/refs{/sha}',
  git_tags_url: 'git/tags{/sha}',
  hooks_url: 'hooks',
  issue_comment_url: 'issues/comments{/number}',
  issue_events_url: 'issues/events{/number}',
  issues_url: 'issues{/number}',
  keys_url: 'keys{/key_id}',
  labels_url: 'labels{/name}',
  languages_url: 'languages',
  merges_url: 'merges',
  milestones_url: 'milestones{/number}',
  notifications_url: 'notifications{?since,all,participating}',
  pulls_url: 'pulls{/number}',
  releases_url: 'releases{/id}',
  stargazers_url: 'stargazers',
  statuses_url: 'statuses/{sha}',
  subscribers_url: 'subscribers',
  subscription_url: 'subscription',
  tags_url: 'tags',
  teams_url: 'teams',
  trees_url: 'git/trees{/sha}',
};

/** A repository as it stands inside pull requests. @param fullName the repository's own, or a fork's */
export function repositoryView(world: World, origin: string, fullName: string): Record<string, unknown> {
  const [owner = '', name = ''] = fullName.split('/');
  const url = `${origin}/repos/${fullName}`;
  const isFork = fullName !== world.repository;
  const id = isFork ? world.repositoryId + fullName.length : world.repositoryId;
  return {
    id,
    node_id: nodeId('R', id),
    name,
    full_name: fullName,
    private: world.options.isPrivate === true,
    owner: userView(origin, owner),
    html_url: `${origin}/${fullName}`,
    description: null,
    fork: isFork,
    url,
    ...Object.fromEntries(Object.entries(LINKS).map(([key, path]) => [key, `${url}/${path}`])),
    ...cloneLinks(origin, fullName),
    ...counts(world),
    archived: world.archived,
    default_branch: world.defaultBranch,
    created_at: world.createdAt,
    updated_at: world.createdAt,
    pushed_at: world.createdAt,
  };
}

function cloneLinks(origin: string, fullName: string): Record<string, unknown> {
  return {
    clone_url: `${origin}/${fullName}.git`,
    git_url: `git://github.com/${fullName}.git`,
    ssh_url: `git@github.com:${fullName}.git`,
    svn_url: `${origin}/${fullName}`,
    mirror_url: null,
  };
}

function counts(world: World): Record<string, unknown> {
  return {
    homepage: null,
    language: null,
    license: null,
    size: 1,
    forks: 0,
    forks_count: 0,
    open_issues: world.openThreads,
    open_issues_count: world.openThreads,
    stargazers_count: 0,
    watchers: 0,
    watchers_count: 0,
    has_issues: true,
    has_projects: false,
    has_wiki: false,
    has_pages: false,
    has_downloads: true,
    has_discussions: false,
    disabled: false,
    visibility: world.options.isPrivate === true ? 'private' : 'public',
    allow_forking: true,
    is_template: false,
    topics: [],
    web_commit_signoff_required: false,
  };
}
