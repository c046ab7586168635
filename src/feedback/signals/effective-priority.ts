import type { Recommendation } from '../../contracts/recommendation.ts';
import type { SignalConsumed } from '../../contracts/signal-consumed.ts';

const steps: readonly Recommendation['priority'][] = ['low', 'medium', 'high', 'critical'];

/**
 * How urgent a recommendation is once research signals are counted: the priority of its record, one step up for
 * each signal that raised it, one down for each that lowered it, within the four steps. The record never changes.
 */
export function effectivePriority(
  recommendation: Pick<Recommendation, 'priority'> & { readonly id: string },
  signalsConsumed: readonly Pick<SignalConsumed, 'ref' | 'use' | 'signal_id'>[],
): Recommendation['priority'] {
  const own = signalsConsumed.filter(({ ref }) => ref === recommendation.id);
  // A signal speaks once, however many have looked at it.
  const last = new Map(own.map(({ signal_id: id, use }) => [id, use]));
  const net = [...last.values()].reduce((sum, use) => sum + shiftOf(use), 0);
  const place = Math.min(Math.max(steps.indexOf(recommendation.priority) + net, 0), steps.length - 1);
  return steps[place] ?? recommendation.priority;
}

function shiftOf(use: SignalConsumed['use']): number {
  if (use === 'priority_raised') return 1;
  return use === 'priority_lowered' ? -1 : 0;
}
