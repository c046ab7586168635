import type { Wait } from '../what-waits.ts';
import { cameInSection } from './came-in-section.ts';
import { costSection } from './cost-section.ts';
import { effectsSection } from './effects-section.ts';
import { foundSection } from './found-section.ts';
import { healthSection, type PresentFacts } from './health-section.ts';
import type { IsoWeek } from './iso-week.ts';
import { proposedSection } from './proposed-section.ts';
import type { ReportChart } from './report-charts.ts';
import type { ReportFacts } from './report-facts.ts';
import { foreign } from './report-text.ts';

export interface ReportContent {
  readonly week: IsoWeek;
  readonly facts: ReportFacts;
  readonly charts: readonly ReportChart[];
  /** How things stand now: for the newest report only. */
  readonly now?: (PresentFacts & { readonly waits: readonly Wait[] }) | undefined;
}

/**
 * The report of a week, in markdown that git hosts render. The same content always gives the same text: no time of
 * writing, no machine. What comes from records is text and nothing else.
 */
export function renderReport({ week, facts, charts, now }: ReportContent): string {
  const chart = (section: ReportChart['section']) =>
    charts.filter((one) => one.section === section).map(({ alt, path }) => `![${alt}](${path})`);
  const lastDay = new Date(week.to.getTime() - 1).toISOString().slice(0, 10);
  return `${[
    `# Week ${week.name}`,
    `From ${week.from.toISOString().slice(0, 10)} to ${lastDay}, UTC. Written by \`millwright loop\`; edits are overwritten.`,
    '## What came in',
    ...cameInSection(facts),
    ...chart('came in'),
    '## What was found',
    ...foundSection(facts),
    '## What was proposed and decided',
    ...proposedSection(facts),
    '## What past changes did',
    ...effectsSection(facts),
    ...chart('effects'),
    '## What it cost',
    ...costSection(facts),
    ...chart('cost'),
    '## What went wrong',
    ...healthSection(facts, now),
    '## What waits',
    ...waiting(now?.waits),
  ].join('\n\n')}\n`;
}

function waiting(waits: readonly Wait[] | undefined): string[] {
  if (waits === undefined) return ['What waits now is in the newest report, and in `millwright status`.'];
  if (waits.length === 0) return ['Nothing waits for anybody.'];
  const lines = waits.map(
    ({ what, who, why, hint }) =>
      `- ${foreign(what)}: waits for ${foreign(who)}, because ${foreign(why)}. Hint: ${foreign(hint)}`,
  );
  return [lines.join('\n')];
}
