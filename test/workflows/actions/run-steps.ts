import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { checkOut } from './check-out.ts';
import { environmentOf, interpolate, isWanted, type Surroundings, text } from './evaluate.ts';
import type { Happening } from './happening.ts';
import { hashOf, type Machine, runScript } from './machine.ts';
import { parseCompositeAction, type Step } from './workflow-file.ts';

export interface StepDone {
  readonly name: string;
  readonly outcome: 'success' | 'failure' | 'skipped';
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A call of somebody else's action, with what it was given. */
export interface ActionDone {
  readonly uses: string;
  readonly with: Readonly<Record<string, string>>;
}

export interface Scope {
  readonly machine: Machine;
  readonly happening: Happening;
  readonly contexts: Readonly<Record<string, unknown>>;
  readonly actions: ActionDone[];
  /** Variables from the step that called a composite action. */
  readonly inherited: Readonly<Record<string, string>>;
}

/** Runs steps in order; those of a composite action stand in the list in the place of the step that uses it. */
export async function runSteps(steps: readonly Step[], scope: Scope): Promise<StepDone[]> {
  const done: StepDone[] = [];
  const outputs: Record<string, unknown> = {};
  for (const step of steps) {
    const hasFailed = done.some(({ outcome }) => outcome === 'failure');
    const contexts = { ...scope.contexts, steps: outputs };
    const surroundings = { contexts, hasFailed, hashFiles: hashOf };
    const name = step.name ?? step.uses ?? step.id ?? step.run?.split('\n')[0] ?? '';
    if (!isWanted(step.if, surroundings)) {
      done.push({ name, outcome: 'skipped', code: 0, stdout: '', stderr: '' });
      continue;
    }
    const { results, values } = await runStep(step, name, scope, surroundings);
    done.push(...results);
    const failed = results.some(({ outcome }) => outcome === 'failure');
    if (step.id !== undefined)
      outputs[step.id] = { outputs: values, outcome: failed ? 'failure' : 'success' };
  }
  return done;
}

interface Ran {
  readonly results: readonly StepDone[];
  readonly values: Readonly<Record<string, string>>;
}

async function runStep(step: Step, name: string, scope: Scope, surroundings: Surroundings): Promise<Ran> {
  const env = { ...scope.inherited, ...environmentOf(step.env, surroundings) };
  const given = environmentOf(step.with, surroundings);
  if (step.uses !== undefined) return useAction(step.uses, name, given, { ...scope, inherited: env });
  const script = text(interpolate(step.run ?? '', surroundings));
  const { code, stdout, stderr, outputs } = await runScript(scope.machine, script, env);
  const outcome = code === 0 ? 'success' : 'failure';
  return { results: [{ name, outcome, code, stdout, stderr }], values: outputs };
}

async function useAction(
  uses: string,
  name: string,
  given: Readonly<Record<string, string>>,
  scope: Scope,
): Promise<Ran> {
  if (uses.startsWith('./')) return { results: await runComposite(uses, given, scope), values: {} };
  scope.actions.push({ uses, with: given });
  const values = await known(uses.split('@')[0] ?? '', given, scope);
  return { results: [{ name, outcome: 'success', code: 0, stdout: '', stderr: '' }], values };
}

async function runComposite(
  uses: string,
  given: Readonly<Record<string, string>>,
  scope: Scope,
): Promise<StepDone[]> {
  const folder = join(scope.machine.workspace, uses);
  const action = parseCompositeAction(await readFile(join(folder, 'action.yml'), 'utf8'));
  const defaults = Object.entries(action.inputs).map(([name, input]) => [name, text(input.default)]);
  const inputs = { ...Object.fromEntries(defaults), ...given };
  const github = { ...(scope.contexts.github as object), action_path: folder };
  const contexts = { ...scope.contexts, github, inputs, secrets: undefined };
  return runSteps(action.runs.steps, {
    ...scope,
    contexts,
    inherited: { ...scope.inherited, GITHUB_ACTION_PATH: folder },
  });
}

/** What the actions of others do here. Throws for one that nobody has thought of. */
async function known(
  action: string,
  given: Readonly<Record<string, string>>,
  { machine, happening }: Scope,
): Promise<Record<string, string>> {
  switch (action) {
    case 'actions/checkout':
      await checkOut(machine, {
        address: `${happening.server}/${happening.repository}`,
        origin: happening.server,
        token: given.token ?? happening.token,
        ref: given.ref ?? '',
        eventRef: happening.ref,
        path: given.path ?? '',
        depth: Number(given['fetch-depth'] ?? 1),
        persists: given['persist-credentials'] !== 'false',
      });
      return {};
    case 'actions/setup-node':
    case 'actions/cache':
      return {};
    case 'actions/create-github-app-token':
      return { token: happening.secrets?.APP_TOKEN ?? '' };
    case 'actions/upload-pages-artifact': {
      const files = await readdir(join(machine.workspace, given.path ?? ''));
      if (!files.includes('index.html')) throw new Error(`no index.html in ${dirname(given.path ?? '')}`);
      return {};
    }
    case 'actions/deploy-pages':
      return { page_url: 'https://pages.invalid/' };
    default:
      throw new Error(`no double of ${action}`);
  }
}
