import type { Completion, LlmRequest } from '../../llm/llm.ts';

/** Puts questions to a model: one after the other, or all at once. Answers come in their order. */
export type AskAll<T> = (requests: readonly LlmRequest<T>[]) => Promise<readonly Completion<T>[]>;

/** What came of a question, with every call that it took. */
export type Asked<T> = { readonly calls: readonly string[] } & (
  | { readonly result: 'usable'; readonly answer: T }
  /** No answer to it can be used, and asking again would not help. */
  | { readonly result: 'useless'; readonly reason: string }
  /** Nobody has answered. It may be asked another time. */
  | { readonly result: 'unanswered'; readonly reason: string }
);

export interface Question<T> {
  readonly request: LlmRequest<T>;
  /** What is wrong with an answer, beyond its schema, in words for the model. None: it can be used. */
  errorsOf(answer: T): readonly string[];
}

/**
 * Asks each question; an answer with errors goes back once, with the errors.
 * @param again for the second round, where nobody should wait for a batch once more
 */
export async function askTwice<T>(
  questions: readonly Question<T>[],
  ask: AskAll<T>,
  again: AskAll<T> = ask,
): Promise<Asked<T>[]> {
  const first = await askOnce(questions, ask);
  const wrong = first.flatMap((judged, at) => {
    const question = questions[at];
    return judged.result === 'wrong' && question !== undefined ? [{ judged, question, at }] : [];
  });
  const mended = wrong.map(({ judged, question }) => ({
    ...question,
    request: withErrors(question, judged),
  }));
  const second = mended.length === 0 ? [] : await askOnce(mended, again);
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

async function askOnce<T>(questions: readonly Question<T>[], ask: AskAll<T>): Promise<(Asked<T> | Wrong)[]> {
  const completions = await ask(questions.map(({ request }) => request));
  return questions.map((question, at) => judge(completions[at], question));
}

function judge<T>(completion: Completion<T> | undefined, question: Question<T>): Asked<T> | Wrong {
  if (completion === undefined) return { result: 'unanswered', reason: 'there was no answer', calls: [] };
  const { calls, result, text } = completion;
  if (result === 'ok') return judgeAnswer(completion.value, question, text ?? '', calls);
  const { reason } = completion;
  if (result === 'invalid')
    return { result: 'wrong', said: text ?? '', errors: [wordsOf(reason, text)], calls };
  if (result === 'refused') return { result: 'useless', reason: `the model refused: ${reason}`, calls };
  return { result: 'unanswered', reason, calls };
}

function judgeAnswer<T>(
  answer: T,
  question: Question<T>,
  said: string,
  calls: readonly string[],
): Asked<T> | Wrong {
  const errors = question.errorsOf(answer);
  return errors.length === 0 ? { result: 'usable', answer, calls } : { result: 'wrong', said, errors, calls };
}

/** Of an answer that was too large, or no text at all, there is nothing to show but the reason. */
function wordsOf(reason: string, text: string | undefined): string {
  return text === undefined ? `the answer could not be used: ${reason}` : reason;
}

/** So much of a draft, and so many errors, go back: an answer may be megabytes of anything. Characters. */
const LONGEST_DRAFT = 20_000;
const LONGEST_ERRORS = 4_000;

function withErrors<T>({ request }: Question<T>, { said, errors }: Wrong): LlmRequest<T> {
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
