import type { Environment } from '../plan-tier.ts';

const secretName = /KEY|TOKEN|SECRET|PASSWORD|PASS|CREDENTIAL|AUTH/i;
/** Shorter ones are words that a message may hold anyway. */
const LEAST_LENGTH = 6;

/** Replaces the values of variables whose names say that they are secret, for messages that quote programs. */
export function maskEnvironment(text: string, env: Environment): string {
  return secretsOf(env).reduce(
    (masked, [variable, value]) => masked.replaceAll(value, () => `[the value of ${variable}]`),
    text,
  );
}

/** The longest first: one may be part of another. */
function secretsOf(env: Environment): [string, string][] {
  return Object.entries(env)
    .filter(([variable]) => secretName.test(variable))
    .flatMap(([variable, value = '']) => shapesOf(value).map((one): [string, string] => [variable, one]))
    .toSorted(([, a], [, b]) => b.length - a.length);
}

/** Programs may quote one line of it, or show it as JSON. */
function shapesOf(value: string): string[] {
  const lines = value.split(/\r?\n/).map((line) => line.trim());
  const shapes = new Set([value.trim(), JSON.stringify(value.trim()).slice(1, -1), ...lines]);
  return [...shapes].filter(({ length }) => length >= LEAST_LENGTH);
}
