import { maskSecrets } from '../../contracts/secrets.ts';
import type { Environment } from '../plan-tier.ts';
import { maskEnvironment } from './mask-environment.ts';

const LONGEST_LOOK = 8_000;
const LONGEST = 500;

/**
 * What may be told of what a provider or a library says: one line, bounded, without the key, whatever its
 * shape, without the secrets of the environment, and without anything that looks like one.
 */
export function maskedMessage(text: string, key: string | undefined, env: Environment = process.env): string {
  const withoutKey = key === undefined || key === '' ? text : text.replaceAll(key, '[the key]');
  // Masked before it is cut: half a key does not look like one.
  const masked = maskSecrets(maskEnvironment(withoutKey, env).slice(0, LONGEST_LOOK));
  const line = masked.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}...` : line;
}
