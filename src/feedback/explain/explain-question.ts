import type { Tier } from '../../contracts/llm-settings.ts';
import { maskSecrets } from '../../contracts/secrets.ts';
import type { PassContext } from '../../ledger/controller.ts';
import type { LlmRequest } from '../../llm/llm.ts';
import type { RecommendationEntry } from '../feedback-state.ts';
import { signalText } from '../signals/signal-text.ts';
import { analystRequest } from './analyst-request.ts';
import type { DraftGround } from './check-draft.ts';
import { type DraftAnswer, draftAnswer } from './draft-answer.ts';
import type { ShownRecords } from './read-shown-records.ts';

/** What is asked about one finding. Texts from outside reach the prompt in fences, or on one line. */
export function explainQuestion(
  context: PassContext,
  tier: Tier,
  { finding, persona, records, signals }: DraftGround,
  { leftOut }: Pick<ShownRecords, 'leftOut'>,
): Promise<LlmRequest<DraftAnswer>> {
  return analystRequest(context, {
    tier,
    prompt: 'explain',
    variables: {
      finding: findingText(finding),
      persona_id: finding.target_persona ?? 'none',
      bullets:
        persona?.persona.playbook.map(({ id, section, text, helpful, harmful }) => ({
          ...{ id, section, text, helpful, harmful },
        })) ?? [],
      records: records.map(({ id, text }) => ({ id, text })),
      left_out: leftOut,
      signals: signals.map((signal) => ({
        id: signal.id,
        relevance: signal.relevance,
        text: signalText(signal),
      })),
    },
    schema: draftAnswer,
  });
}

/** The longest text about a finding that a prompt takes. Characters. */
const LONGEST = 8_000;

function findingText({ title, evidence, suggested_change: change, rationale }: RecommendationEntry): string {
  const statements = evidence.flatMap(({ statement, test }) => [
    statement,
    ...(test === undefined ? [] : [`test: ${test}`]),
  ]);
  const lines = [title, ...statements, change?.text, rationale].filter((line) => line !== undefined);
  return maskSecrets(lines.join('\n')).slice(0, LONGEST);
}
