import type { PlotRequest } from '../../plots/plot-request.ts';
import { renderSvg } from '../../plots/render-svg.ts';
import type { SiteFacts } from './site-facts.ts';

/** Pictures of the status, as SVG to stand in the page. What there is nothing of is not drawn. */
export async function siteCharts(facts: Pick<SiteFacts, 'records' | 'effects'>): Promise<string[]> {
  const requests = [recordsChart(facts), effectsChart(facts)].filter(({ rows }) => rows.length > 0);
  return Promise.all(requests.map(renderSvg));
}

function recordsChart({ records }: Pick<SiteFacts, 'records'>): PlotRequest {
  const rows = Object.entries(records).flatMap(([kind, n]) => (n === 0 ? [] : [{ kind, records: n }]));
  return { rows, x: 'kind', y: 'records', mark: 'bar', title: 'Records by kind' };
}

const MOST_EFFECTS = 12;

/** Differences of the success rate in percentage points, with the interval of each. */
function effectsChart({ effects }: Pick<SiteFacts, 'effects'>): PlotRequest {
  const points = (share: number | null) => (share === null ? null : Math.round(1_000 * share) / 10);
  const rows = effects.slice(-MOST_EFFECTS).flatMap((one) => {
    const measured = points(one.difference);
    const [low, high] = [points(one.difference_low), points(one.difference_high)];
    return measured === null
      ? []
      : [{ patch: `${one.persona_id} ${one.patch_id.slice(-6)}`, points: measured, low, high }];
  });
  return {
    rows,
    x: 'patch',
    y: 'points',
    low: 'low',
    high: 'high',
    mark: 'dot',
    title: 'What merged patches did',
  };
}
