import { z } from 'zod';
import type { GithubList, GithubQuestion } from '../../../../src/forge/github/client/github-client.ts';
import type { Asked, Scripted } from './fake-github.ts';

export const thing = z.object({ number: z.number() });

/** A question that changes nothing. */
export function look(path = ''): GithubQuestion<typeof thing> {
  return { route: `GET /repos/{owner}/{repo}${path}`, shape: thing, action: 'look at it' };
}

/** A write that must not be done twice. */
export const openPull: GithubQuestion<typeof thing> = {
  route: 'POST /repos/{owner}/{repo}/pulls',
  parameters: { title: 'A title', head: 'millwright/patch/1', base: 'main' },
  shape: thing,
  action: 'open a pull request',
  feature: 'proposal',
};

export const listPulls: GithubList<typeof thing> = {
  route: 'GET /repos/{owner}/{repo}/pulls',
  parameters: { state: 'open' },
  shape: thing,
  action: 'list the pull requests',
};

/** Answers one after the other; the last one again and again. */
export function inTurn(...answers: readonly Scripted[]): (asked: Asked, number: number) => Scripted {
  return (_asked, number) => answers[Math.min(number, answers.length - 1)] ?? {};
}
