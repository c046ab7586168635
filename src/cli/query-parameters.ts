import { MillwrightError } from '../contracts/millwright-error.ts';

/** What `--set name=value` gives, which may be repeated. Throws `usage`. */
export function parametersFrom(pairs: unknown): Record<string, string> {
  const given = Array.isArray(pairs) ? pairs.map(String) : [];
  return Object.fromEntries(
    given.map((pair) => {
      const [, name = '', value = ''] = /^(\w+)=([\s\S]*)$/.exec(pair) ?? [];
      if (name !== '') return [name, value];
      throw new MillwrightError('usage', `expected name=value after --set, found "${pair}"`, {
        hint: 'for example --set model=gpt-5, and $model in the statement',
      });
    }),
  );
}
