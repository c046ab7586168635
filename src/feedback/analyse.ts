import type { Persona } from '../contracts/persona.ts';
import type { Settings } from '../contracts/settings.ts';
import { findBetterRoutes } from './better-routes.ts';
import type { FamilyResult } from './finding.ts';
import { findHarmfulBullets } from './harmful-bullets.ts';
import type { OutcomeFigures } from './read-outcomes.ts';
import { findWeakGroups } from './weak-groups.ts';

/** Three lists. An empty one says that nothing was found, never that there is no problem. */
export interface Analysis extends FamilyResult {
  readonly figures: OutcomeFigures;
}

/**
 * Holds the outcomes of a window against each other. Pure. Each family of tests is judged at the false
 * discovery rate of the settings by itself: weak groups, better routes of each persona, harmful bullets.
 */
export function analyse(
  figures: OutcomeFigures,
  personas: readonly Persona[],
  settings: Settings['analysis'],
): Analysis {
  const options = { minGroup: settings.min_group, falseDiscoveryRate: settings.false_discovery_rate };
  const families = [
    ...personas.map((persona) => findBetterRoutes(persona, figures.pairs, options)),
    ...personas.map((persona) =>
      findHarmfulBullets(countedApart(persona, figures), figures.votes, settings.false_discovery_rate),
    ),
    findWeakGroups(figures.groups, options),
  ];
  return {
    figures,
    comparisons: families.reduce((sum, { comparisons }) => sum + comparisons, 0),
    findings: families.flatMap(({ findings }) => findings),
    watch: families.flatMap(({ watch }) => watch),
    notEnough: families.flatMap(({ notEnough }) => notEnough),
  };
}

/** Nobody knows of which tasks the counters in a persona file are: where a side is kept back they do not count. */
function countedApart(persona: Persona, { split }: OutcomeFigures): Persona {
  if (split === undefined) return persona;
  const playbook = persona.playbook.map((bullet) => ({ ...bullet, helpful: 0, harmful: 0 }));
  return { ...persona, playbook };
}
