import type { CommandDefinition } from './command.ts';

/** The list that `--help` shows. A command's own file is loaded only when it is called. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  load(): Promise<CommandDefinition>;
}

export const commands: readonly CommandEntry[] = [
  {
    name: 'init',
    summary: 'lay a workspace into a git repository',
    load: async () => (await import('./init.ts')).init,
  },
  {
    name: 'demo',
    summary: 'turn the loop once on 2,000 real outcomes, in a fresh folder',
    load: async () => (await import('./demo.ts')).demo,
  },
  {
    name: 'drop',
    summary: 'put a contract into the inbox, checked first',
    load: async () => (await import('./drop.ts')).drop,
  },
  {
    name: 'thought',
    summary: 'turn a wish into work: five variants for agents to claim',
    load: async () => (await import('./thought.ts')).thought,
  },
  {
    name: 'queue',
    summary: 'list, claim, renew, release and complete slots of work; cancel, revive, watch, audit',
    load: async () => (await import('./queue.ts')).queue,
  },
  {
    name: 'work',
    summary: 'claim slots and have an agent work on them, until told to stop',
    load: async () => (await import('./work.ts')).work,
  },
  {
    name: 'import',
    summary: 'stream a JSONL file into the history',
    load: async () => (await import('./import.ts')).importCommand,
  },
  {
    name: 'run',
    summary: 'run a pass, or keep running them',
    load: async () => (await import('./run.ts')).run,
  },
  { name: 'plan', summary: 'say what a pass would do', load: async () => (await import('./plan.ts')).plan },
  {
    name: 'status',
    summary: 'say how things stand, and what waits for whom',
    load: async () => (await import('./status.ts')).status,
  },
  {
    name: 'query',
    summary: 'ask the history in SQL',
    load: async () => (await import('./query.ts')).query,
  },
  {
    name: 'sql',
    summary: 'ask the history in a shell, with completion',
    load: async () => (await import('./sql.ts')).sql,
  },
  {
    name: 'plot',
    summary: 'draw a view or a query, as SVG, PNG or in the terminal',
    load: async () => (await import('./plot.ts')).plot,
  },
  {
    name: 'diff',
    summary: 'say what came into the history between two times',
    load: async () => (await import('./diff.ts')).diff,
  },
  {
    name: 'export',
    summary: 'take the history elsewhere, as Parquet, CSV or a DuckDB file',
    load: async () => (await import('./export.ts')).exportCommand,
  },
  {
    name: 'compact',
    summary: 'merge the segments of closed months into larger ones',
    load: async () => (await import('./compact.ts')).compact,
  },
  {
    name: 'rebuild',
    summary: 'make the projection of the history anew',
    load: async () => (await import('./rebuild.ts')).rebuild,
  },
  {
    name: 'analyze',
    summary: 'hold the outcomes against each other',
    load: async () => (await import('./analyze.ts')).analyze,
  },
  {
    name: 'upgrade',
    summary: 'turn recommendations into persona patches',
    load: async () => (await import('./upgrade.ts')).upgrade,
  },
  {
    name: 'review',
    summary: 'list, show, apply or reject proposals',
    load: async () => (await import('./review.ts')).review,
  },
  {
    name: 'loop',
    summary: 'analyse, upgrade and report now; by schedule a pass does it',
    load: async () => (await import('./loop.ts')).loop,
  },
  {
    name: 'effects',
    summary: 'hold what merged patches promised against what they did',
    load: async () => (await import('./effects.ts')).effects,
  },
  {
    name: 'llm',
    summary: 'say which language models work and what they cost',
    load: async () => (await import('./llm.ts')).llm,
  },
  {
    name: 'site',
    summary: 'make a static site of the status and the reports',
    load: async () => (await import('./site.ts')).site,
  },
  {
    name: 'validate',
    summary: 'check the workspace, and what a change would bring to its base',
    load: async () => (await import('./validate.ts')).validate,
  },
  {
    name: 'doctor',
    summary: 'check git, identity, remote, rights and clock; with --github what a token may do',
    load: async () => (await import('./doctor.ts')).doctor,
  },
  {
    name: 'schema',
    summary: 'export the JSON Schema of every kind',
    load: async () => (await import('./schema.ts')).schema,
  },
];
