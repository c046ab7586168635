import { followRefs } from './follow-refs.ts';
import type { MergeMethod } from './options.ts';
import type { Act } from './people/act.ts';
import { pushesOf } from './people/pushes.ts';
import { settingsOf } from './people/settings.ts';
import { statesOf } from './people/states.ts';
import { wordsOf } from './people/words.ts';
import { pusherOf } from './pusher.ts';
import type { RunFacts, WorkflowFacts, World } from './world.ts';

/** What people do in the browser or push from their machines. They need no token. `who` is `ada` unless said. */
export interface People {
  /** @returns the commit on the base; rejects when it cannot be merged */
  merge(number: number, method: MergeMethod, who?: string): Promise<string>;
  close(number: number, more?: { comment?: string; who?: string }): Promise<void>;
  /** Rejects with GitHub's words when it cannot be opened again. */
  reopen(number: number, who?: string): Promise<void>;
  /** Lines end with CRLF afterwards, as a browser sends them. */
  editBody(number: number, body: string): Promise<void>;
  editTitle(number: number, title: string): Promise<void>;
  comment(number: number, text: string, who?: string): Promise<void>;
  setLabels(number: number, names: readonly string[]): Promise<void>;
  /** A person's commit on any branch; a new one starts at the default branch. @returns the commit */
  commitTo(branch: string, path: string, content: string, who?: string): Promise<string>;
  commitToBase(path: string, content: string): Promise<string>;
  /** The default branch goes back `back` commits (default 1) and gets another one there. */
  forcePushBase(path: string, content: string, back?: number): Promise<string>;
  deleteBranch(branch: string, who?: string): Promise<void>;
  /** Pull requests follow, and the old name redirects where GitHub does so. */
  renameDefaultBranch(to: string): Promise<void>;
  renameRepository(to: string): Promise<void>;
  /** Checks the boxes on the lines that contain the text. @returns how many */
  tick(number: number, text: string): Promise<number>;
  /** A pull request from another repository. @returns its number */
  openFromFork(
    branch: string,
    title: string,
    files: Readonly<Record<string, string>>,
    who?: string,
  ): Promise<number>;
  openIssue(title: string, body: string, who?: string): Promise<number>;
  /** The required checks are green; an armed auto-merge goes off. */
  passChecks(number: number): Promise<void>;
  addWorkflow(flow: Pick<WorkflowFacts, 'path' | 'name' | 'state'>): Promise<number>;
  addRun(workflow: number, run: Partial<Omit<RunFacts, 'id'>>): Promise<void>;
  archive(isArchived: boolean): Promise<void>;
}

/** @param turn lets no request in between */
export function peopleOf(world: World, turn: <T>(work: () => Promise<T>) => Promise<T>): People {
  const act: Act = (who, work) =>
    turn(async () => {
      await followRefs(world, pusherOf(world));
      const result = await work();
      await followRefs(world, who);
      return result;
    });
  return {
    ...wordsOf(world, act),
    ...statesOf(world, act),
    ...pushesOf(world, act),
    ...settingsOf(world, act),
  };
}
