import type { Completion, LlmRequest } from '../../llm/llm.ts';
import { type CheckedDraft, checkDraft, type DraftGround } from './check-draft.ts';
import type { DraftAnswer } from './draft-answer.ts';
import type { Draft } from './to-draft.ts';

/** Puts questions to a model: one after the other, or all at once. Answers come in their order. */
export type AskAll = (
  requests: readonly LlmRequest<DraftAnswer>[],
) => Promise<readonly Completion<DraftAnswer>[]>;

/** What came of a question, with every call that it took. */
export type Asked = { readonly calls: readonly string[] } & (
  | { readonly result: 'drafted'; readonly draft: Draft; readonly answer: DraftAnswer }
  /** No draft of it can be used, and asking again would not help. */
  | { readonly result: 'useless'; readonly reason: string }
  /** Nobody has answered. It may be asked another time. */
  | { readonly result: 'unanswered'; readonly reason: string }
);

export interface Question {
  readonly request: LlmRequest<DraftAnswer>;
  readonly ground: DraftGround;
}

/** Asks each question; a draft with errors goes back once, with the errors. */
export async function askTwice(questions: readonly Question[], ask: AskAll): Promise<Asked[]> {
  const first = await askOnce(questions, ask);
  const wrong = first.flatMap((judged, at) => {
    const question = questions[at];
    return judged.result === 'wrong' && question !== undefined ? [{ judged, question, at }] : [];
  });
  const again = wrong.map(({ judged, question }) => ({ ...question, request: withErrors(question, judged) }));
  const second = again.length === 0 ? [] : await askOnce(again, ask);
  return first.map((judged, at) => {
    const place = wrong.findIndex((one) => one.at === at);
    const last = second[place] ?? judged;
    const calls = last === judged ? judged.calls : [...judged.calls, ...last.calls];
    return last.result === 'wrong'
      ? { result: 'useless', reason: last.errors.join('; '), calls }
      : { ...last, calls };
  });
}

interface Wrong {
  readonly result: 'wrong';
  readonly said: string;
  readonly errors: readonly string[];
  readonly calls: readonly string[];
}

async function askOnce(questions: readonly Question[], ask: AskAll): Promise<(Asked | Wrong)[]> {
  const completions = await ask(questions.map(({ request }) => request));
  return questions.map(({ ground }, at) => judge(completions[at], ground));
}

function judge(completion: Completion<DraftAnswer> | undefined, ground: DraftGround): Asked | Wrong {
  if (completion === undefined) return { result: 'unanswered', reason: 'there was no answer', calls: [] };
  const { calls, result, text = '' } = completion;
  if (result === 'ok') return judgeDraft(completion.value, checkDraft(completion.value, ground), text, calls);
  const { reason } = completion;
  if (result === 'invalid') return { result: 'wrong', said: text, errors: [reason], calls };
  if (result === 'refused') return { result: 'useless', reason: `the model refused: ${reason}`, calls };
  return { result: 'unanswered', reason, calls };
}

function judgeDraft(
  answer: DraftAnswer,
  checked: CheckedDraft,
  said: string,
  calls: readonly string[],
): Asked | Wrong {
  if (checked.ok) return { result: 'drafted', draft: checked.draft, answer, calls };
  return { result: 'wrong', said, errors: checked.errors, calls };
}

/** So much of a draft, and so many errors, go back: an answer may be megabytes of anything. Characters. */
const LONGEST_DRAFT = 20_000;
const LONGEST_ERRORS = 4_000;

function withErrors({ request }: Question, { said, errors }: Wrong): LlmRequest<DraftAnswer> {
  const list = errors.map((error) => `- ${error}`).join('\n');
  const words = `Your answer cannot be used:\n\n${list.slice(0, LONGEST_ERRORS)}\n\nAnswer again, with one JSON object that mends this and nothing else.`;
  return {
    ...request,
    messages: [
      ...request.messages,
      { role: 'assistant', content: said.slice(0, LONGEST_DRAFT).trimEnd() || '(nothing)' },
      { role: 'user', content: words },
    ],
  };
}
