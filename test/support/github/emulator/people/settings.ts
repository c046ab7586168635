import type { RunFacts, WorkflowFacts, World } from '../world.ts';
import { type Act, ADA } from './act.ts';

export function settingsOf(world: World, act: Act) {
  return {
    renameDefaultBranch: (to: string) => act(ADA, () => renameDefaultBranch(world, to)),
    renameRepository: (to: string) =>
      act(ADA, () => {
        world.oldNames.add(world.repository);
        for (const { pull } of world.threads.values())
          if (pull?.headRepository === world.repository) Object.assign(pull, { headRepository: to });
        world.repository = to;
      }),
    addWorkflow: (flow: Pick<WorkflowFacts, 'path' | 'name' | 'state'>) =>
      act(ADA, () => {
        const id = world.nextId();
        world.workflows.set(id, { ...flow, id, runs: [] });
        return id;
      }),
    addRun: (workflow: number, run: Partial<Omit<RunFacts, 'id'>>) =>
      act(ADA, () => {
        const usual = { event: 'schedule', branch: world.defaultBranch, createdAt: world.stamp() };
        const facts = { ...usual, conclusion: 'success', ...run, id: world.nextId() } as const;
        world.workflows.get(workflow)?.runs.push(facts);
      }),
    archive: (isArchived: boolean) =>
      act(ADA, () => {
        world.archived = isArchived;
      }),
  };
}

async function renameDefaultBranch(world: World, to: string): Promise<void> {
  const from = world.defaultBranch;
  const oid = world.refs.get(`refs/heads/${from}`) ?? '';
  const input = `create refs/heads/${to} ${oid}\ndelete refs/heads/${from} ${oid}\n`;
  await world.git.run(['update-ref', '--stdin'], { input });
  await world.git.run(['symbolic-ref', 'HEAD', `refs/heads/${to}`]);
  world.oldBranches.set(from, to);
  world.defaultBranch = to;
  for (const { pull } of world.threads.values()) if (pull?.base === from) pull.base = to;
}
