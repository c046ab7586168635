import { gitEnvironment } from '../../git/program.ts';

/** Kept for git, not for agents: the user's language and locks are theirs. */
const onlyForGit = ['LC_ALL', 'GIT_OPTIONAL_LOCKS'];

/** A longer value does not fit into an environment; the prompt has it. */
const LONGEST_VALUE = 32_768;

/**
 * The environment of agents and smoke tests: ours, without what would point git at another repository, and
 * without variables of a slot that this process may itself have been started for.
 * @param ceiling the folder above the work trees: git must not find the user's repository further up
 */
export function agentEnvironment(
  own: Readonly<Record<string, string>>,
  variables: Readonly<Record<string, unknown>>,
  ceiling: string,
): NodeJS.ProcessEnv {
  const inherited = gitEnvironment();
  for (const name of onlyForGit) restore(inherited, name);
  for (const name of Object.keys(inherited)) if (name.startsWith('MILLWRIGHT_VAR_')) delete inherited[name];
  return { ...inherited, GIT_CEILING_DIRECTORIES: ceiling, ...scalars(variables), ...own };
}

function restore(environment: NodeJS.ProcessEnv, name: string): void {
  const value = process.env[name];
  if (value === undefined) delete environment[name];
  else environment[name] = value;
}

/** MILLWRIGHT_VAR_<NAME> for every variable of the prompt that is one value. */
function scalars(variables: Readonly<Record<string, unknown>>): Record<string, string> {
  const simple = Object.entries(variables).filter(
    ([name, value]) =>
      /^[A-Za-z]\w*$/.test(name) &&
      ['string', 'number', 'boolean'].includes(typeof value) &&
      String(value).length <= LONGEST_VALUE,
  );
  return Object.fromEntries(
    simple.map(([name, value]) => [
      `MILLWRIGHT_VAR_${name.toUpperCase()}`,
      String(value).replaceAll('\0', ' '),
    ]),
  );
}
