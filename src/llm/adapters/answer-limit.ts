/** The longest answer that is taken, in bytes: what was asked for is far below it. */
export const MOST_ANSWER_BYTES = 4_000_000;
