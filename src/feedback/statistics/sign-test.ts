import { requireCount } from './argument-checks.ts';
import { upperTail } from './binomial-tail.ts';

export interface SignTest {
  /** Pairs in which the new arm succeeded and the old one failed. */
  readonly wins: number;
  /** Pairs in which the new arm failed and the old one succeeded. */
  readonly losses: number;
  /** One-sided p-value of "no more wins than losses", in [0, 1]. */
  readonly p: number;
}

/**
 * One-sided exact sign test on discordant pairs: p = P(X >= wins), X ~ Binomial(wins + losses, 1/2).
 *
 * A small p says that wins outnumber losses by more than chance. To ask whether the new arm is
 * worse, swap the arguments. Without any discordant pair there is no evidence and p is 1.
 * Source: W. Dixon and A. Mood, JASA 41 (1946) 557-566; for pairs of yes/no outcomes this is
 * the exact form of Q. McNemar, Psychometrika 12 (1947) 153-157.
 * Throws `bad-argument` unless both counts are integers >= 0 with a sum of at most 1e12.
 */
export function signTest(wins: number, losses: number): SignTest {
  requireCount('wins', wins);
  requireCount('losses', losses);
  return { wins, losses, p: upperTail(wins, wins + losses, 0.5) };
}
