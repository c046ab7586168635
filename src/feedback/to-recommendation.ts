import { kebab } from '../contracts/fields.ts';
import { contentKey, derivedId } from '../contracts/ids.ts';
import { type Recommendation, recommendation } from '../contracts/recommendation.ts';
import type { Contract } from '../contracts/record.ts';
import type { Finding } from './finding.ts';
import type { Split } from './gate/split-of.ts';

/**
 * A finding as a record. The id is computed from the finding itself, so the same data found twice is one record.
 * @param seenUntil end of the analysed window, ISO
 * @param split the side of the tasks that it was found on; undefined: all of them
 */
export function toRecommendation(finding: Finding, seenUntil: string, split?: Split): Contract {
  const found = split === undefined ? finding : { ...finding, split };
  const id = derivedId(new Date(seenUntil), ['recommendation', contentKey(found, 64)]);
  const change = {
    ...(finding.text === undefined ? {} : { text: finding.text }),
    ...(finding.deltas === undefined ? {} : { deltas: [...finding.deltas] }),
  };
  const fields: Recommendation = {
    recommendation_id: id,
    recommendation_type: finding.type,
    target_system: 'personas',
    // Outcomes may name an agent that cannot be a persona of ours; the title names it all the same.
    ...(kebab.safeParse(finding.persona).success ? { target_persona: finding.persona } : {}),
    priority: finding.priority,
    title: finding.title,
    evidence: [...finding.evidence],
    suggested_change: change,
    emitted_at: seenUntil,
    ...(split === undefined ? {} : { extra: { split } }),
  };
  return { id, kind: recommendation, source: 'sky-lynx', fields: recommendation.fields.parse(fields) };
}
