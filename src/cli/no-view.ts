import { closest } from '../contracts/closest.ts';
import { MillwrightError } from '../contracts/millwright-error.ts';

/** Nothing is called so; the nearest of the names that there are is suggested. */
export function noView(wanted: string, names: readonly string[]): MillwrightError {
  const near = closest(wanted, names);
  return new MillwrightError('no-view', `there is no table or view "${wanted}"`, {
    hint: `${near === undefined ? '' : `did you mean ${near}? `}"millwright query --describe" lists them`,
  });
}
