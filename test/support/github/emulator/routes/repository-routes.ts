import { type Answer, notFound, ok } from '../answer.ts';
import type { Call, Route } from '../call.ts';
import { mayDo } from '../rights.ts';
import { branchView } from '../views/branch-view.ts';
import { repositoryView } from '../views/repository-view.ts';
import { nodeId, userView } from '../views/user-view.ts';
import type { World } from '../world.ts';
import { readContents } from './read-contents.ts';

export const repositoryRoutes: readonly Route[] = [
  { method: 'GET', path: '', needs: '', answer: showRepository },
  { method: 'GET', path: '/branches/{branch...}', needs: 'contents=read', answer: showBranch },
  { method: 'GET', path: '/git/ref/heads/{branch...}', needs: 'contents=read', answer: showRef },
  { method: 'GET', path: '/contents/{path...}', needs: 'contents=read', answer: readContents },
  { method: 'GET', path: '/contents', needs: 'contents=read', answer: readContents },
  {
    method: 'GET',
    path: '/collaborators/{username}/permission',
    needs: 'contents=read',
    answer: showPermission,
  },
  { method: 'POST', path: '/dispatches', needs: 'contents=write', answer: dispatch },
];

function showRepository(call: Call): Answer {
  const { world, actor } = call;
  const methods = world.options.mergeMethods ?? ['merge', 'squash', 'rebase'];
  const mayWrite = mayDo(actor, 'contents=write');
  return ok({
    ...repositoryView(world, call.origin, world.repository),
    permissions: { admin: false, maintain: false, push: mayWrite, triage: mayWrite, pull: true },
    network_count: 0,
    subscribers_count: 0,
    ...(mayWrite ? { allow_auto_merge: world.options.autoMergeAllowed !== false } : {}),
    allow_merge_commit: methods.includes('merge'),
    allow_squash_merge: methods.includes('squash'),
    allow_rebase_merge: methods.includes('rebase'),
    delete_branch_on_merge: false,
    temp_clone_token: null,
  });
}

function showPermission({ world, params, origin }: Call): Answer {
  const login = params.username ?? '';
  const permission = permissionOf(world, login);
  const user = { ...userView(origin, login), role_name: permission };
  return ok({ permission, role_name: permission, user });
}

function permissionOf({ repository, options, tokens }: World, login: string): string {
  if (login === repository.split('/')[0]) return 'admin';
  const pushes = [...tokens.values()].some((one) => one.login === login && one.contents === 'write');
  if (pushes || options.writers?.includes(login) === true) return 'write';
  const isKnown = (options.collaborators ?? ['ada', 'grace']).includes(login);
  return isKnown || options.isPrivate !== true ? 'read' : 'none';
}

function showBranch(call: Call): Answer {
  const { world, origin } = call;
  const branch = call.params.branch ?? '';
  const renamed = world.oldBranches.get(branch);
  const oid = world.refs.get(`refs/heads/${branch}`);
  if (oid !== undefined) return ok(branchView(world, origin, branch, oid));
  if (renamed === undefined)
    return { ...notFound(), body: { ...(notFound().body as object), message: 'Branch not found' } };
  const url = `${origin}/repositories/${world.repositoryId}/branches/${encodeURIComponent(renamed)}`;
  return { status: 301, headers: { location: url }, body: { message: 'Moved Permanently', url } };
}

function showRef(call: Call): Answer {
  const ref = `refs/heads/${call.params.branch ?? ''}`;
  const sha = call.world.refs.get(ref);
  if (sha === undefined) return notFound();
  const git = `${call.origin}/repos/${call.world.repository}/git`;
  const path = ref.split('/').map(encodeURIComponent).join('/');
  return ok({
    ref,
    node_id: nodeId('REF', ref),
    url: `${git}/${path}`,
    object: { sha, type: 'commit', url: `${git}/commits/${sha}` },
  });
}

function dispatch({ world, body }: Call): Answer {
  world.dispatches.push({ event: String(body.event_type), payload: body.client_payload });
  return { status: 204 };
}
