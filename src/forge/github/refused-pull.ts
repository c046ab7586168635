import { z } from 'zod';
import { MillwrightError } from '../../contracts/millwright-error.ts';
import type { Desk } from './desk.ts';

const repositoryShape = z.object({ default_branch: z.string(), archived: z.boolean().nullish() });

/** What a refusal of a pull request means, where the repository itself says more than GitHub's words. */
export async function refusedPull(desk: Desk, id: string, error: unknown): Promise<unknown> {
  if (!(error instanceof MillwrightError)) return error;
  const words = JSON.stringify(error.data.reasons ?? []);
  if (/archived|read-only/i.test(words)) return archived(desk, error);
  return /\bbase\b/i.test(words) && error.code === 'github-refused' ? noBase(desk, id, error) : error;
}

function archived({ client: { repository } }: Desk, cause: MillwrightError): MillwrightError {
  const { owner, name } = repository;
  return new MillwrightError(
    'github-archived',
    `${owner}/${name} is archived: nothing can be proposed there`,
    {
      hint: 'have it taken out of the archive, or set forge: local in millwright.yaml',
      retry: 'never',
      cause,
    },
  );
}

async function noBase(desk: Desk, id: string, cause: MillwrightError): Promise<MillwrightError> {
  const { client, workspace } = desk;
  const wanted = workspace.settings.base_branch;
  const found = await client.find({
    route: 'GET /repos/{owner}/{repo}',
    shape: repositoryShape,
    action: 'ask for the default branch',
  });
  const present =
    found === undefined ? '' : `; its default branch is ${JSON.stringify(found.default_branch)}`;
  return new MillwrightError(
    'github-no-base',
    `${id} cannot be proposed: GitHub has no branch ${JSON.stringify(wanted)}${present}`,
    { hint: 'set base_branch in millwright.yaml to the branch that people merge into', data: { id }, cause },
  );
}
