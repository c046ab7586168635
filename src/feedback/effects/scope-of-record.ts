import type { EffectDecision } from '../../contracts/effect.ts';
import { type EffectScope, effectScope } from './effect-scope.ts';

/**
 * The runs that a recorded decision counted: all where it names none, as in records from before routes were told
 * apart; null where only the words fitted into the record. Pure.
 */
export function scopeOfRecord({ extra }: Pick<EffectDecision, 'extra'>): EffectScope | null {
  if (extra?.runs === undefined) return { runs: 'all' };
  try {
    return effectScope.parse(JSON.parse(String(extra.scope)));
  } catch {
    return null;
  }
}
