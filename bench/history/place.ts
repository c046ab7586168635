import { seeded } from '../synthetic-outcomes.ts';
import { vocabulary } from './vocabulary.ts';

const START = Date.UTC(2024, 10);
const SPAN = Date.UTC(2026, 10) - START;
/** How often a persona gets a new version: about every second week. */
const VERSIONS = 48;
const personas: readonly string[] = vocabulary.personas;

/** Where a record stands in the history, and the chance that shapes it: the same place always gives the same record. */
export class Place {
  readonly kind: string;
  readonly index: number;
  /** How many records of its kind there are. */
  readonly of: number;
  readonly date: Date;
  readonly random: () => number;

  constructor(kind: string, index: number, of: number, seed: number) {
    this.kind = kind;
    this.index = index;
    this.of = of;
    this.date = Place.#spread(index + 0.5, of);
    this.random = seeded(seed + Math.imul(index, 2_654_435) + kind.length * 7_919);
  }

  /** As long as the ids that Millwright makes, and like them in order of time; hashing would take longer than all the rest. */
  static idOf(kind: string, index: number, of: number): string {
    const time = Place.#spread(index + 0.5, of)
      .getTime()
      .toString(32)
      .padStart(10, '0');
    const low = Math.imul(index + kind.length, 2_654_435_761) >>> 0;
    const high = Math.imul(low ^ (low >>> 15), 2_246_822_519) >>> 0;
    return (
      time +
      index.toString(32).padStart(5, '0') +
      (high * 2 ** 22 + (low >>> 10)).toString(32).padStart(11, '0')
    );
  }

  static #spread(nth: number, of: number): Date {
    return new Date(START + Math.floor((nth / of) * SPAN));
  }

  get id(): string {
    return Place.idOf(this.kind, this.index, this.of);
  }

  /** When the nth of so many things began. */
  began(nth: number, of: number): Date {
    return Place.#spread(nth, of);
  }

  pick<T>(values: readonly T[]): T {
    return values[Math.floor(this.random() * values.length)] as T;
  }

  hex(length: number): string {
    let text = '';
    while (text.length < length)
      text += Math.floor(this.random() * 2 ** 32)
        .toString(16)
        .padStart(8, '0');
    return text.slice(0, length);
  }

  /** The version of a persona at this time, or so many further on. */
  version(persona: string, further = 0): string {
    const offset = personas.indexOf(persona) / personas.length;
    const reached = Math.floor(((this.date.getTime() - START) / SPAN) * VERSIONS + offset);
    return `1.${reached + further}.0`;
  }
}
