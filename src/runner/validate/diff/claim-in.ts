import { ID_PATTERN } from '../../../contracts/ids.ts';
import type { NamedClaim } from './judge-claim.ts';

/** The claim that a contract or record names, in its own fields or under `extra`; undefined when it names none. */
export function claimIn(data: unknown): NamedClaim | undefined {
  if (!isObject(data)) return undefined;
  const extra = isObject(data.extra) ? data.extra : {};
  const [slot, token] = [data.slot_id ?? extra.slot_id, data.token ?? extra.token];
  if (typeof slot !== 'string' || !ID_PATTERN.test(slot)) return undefined;
  if (typeof token !== 'number' || !Number.isSafeInteger(token)) return undefined;
  return { slot, token, ...(typeof data.nonce === 'string' ? { nonce: data.nonce } : {}) };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
