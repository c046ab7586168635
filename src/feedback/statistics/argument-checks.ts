import { MillwrightError } from '../../contracts/millwright-error.ts';

/** Throws `bad-argument` unless `value` is a safe integer of any sign. */
export function requireInteger(name: string, value: number): void {
  if (!Number.isSafeInteger(value)) reject(name, 'an integer', value);
}

/** Throws `bad-argument` unless `value` is a safe integer >= 0. */
export function requireCount(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) reject(name, 'an integer >= 0', value);
}

/** Throws `bad-argument` when the counted part `part` is larger than `whole`. */
export function requireAtMost(name: string, part: number, wholeName: string, whole: number): void {
  if (part > whole) reject(name, `at most ${wholeName} (${whole})`, part);
}

/** Throws `bad-argument` unless `value` is in [0, 1]. NaN is refused. */
export function requireProbability(name: string, value: number): void {
  requireBetween(name, value, 0, 1);
}

/** Throws `bad-argument` unless `value` is finite and > 0. */
export function requirePositive(name: string, value: number): void {
  if (!(Number.isFinite(value) && value > 0)) reject(name, 'a finite number > 0', value);
}

/** Throws `bad-argument` unless `value` is in [least, most]. NaN is refused. */
export function requireBetween(name: string, value: number, least: number, most: number): void {
  if (!(value >= least && value <= most)) reject(name, `a number in [${least}, ${most}]`, value);
}

function reject(name: string, expected: string, found: number): never {
  throw new MillwrightError('bad-argument', `${name} must be ${expected}, found ${found}`, {
    data: { name, expected, found },
  });
}
