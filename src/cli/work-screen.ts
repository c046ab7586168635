import { finalEvents } from '../runner/worker/final-events.ts';
import type { WorkerEvent } from '../runner/worker/worker-event.ts';
import { inertJson } from './actions/inert-words.ts';
import type { Io } from './command.ts';

/** On a terminal one live line for each slot; elsewhere one JSON object for each event. */
export class WorkScreen {
  readonly #io: Io;
  readonly #lines = new Map<string, string>();
  #drawn = 0;

  constructor(io: Io) {
    this.#io = io;
  }

  show(event: WorkerEvent): void {
    if (!this.#io.terminal || this.#io.json) this.#io.out(`${inertJson(this.#io, JSON.stringify(event))}\n`);
    else this.#draw(event);
  }

  #draw(event: WorkerEvent): void {
    const { slot_id: slot } = event;
    this.#erase();
    // Printed for good; the live part goes on below it.
    const ended = slot === undefined || finalEvents.has(event.event) || event.event === 'trouble';
    if (ended) this.#io.out(`${lineFor(event)}\n`);
    if (slot !== undefined && finalEvents.has(event.event)) this.#lines.delete(slot);
    else if (slot !== undefined && event.event !== 'renewed') this.#lines.set(slot, lineFor(event));
    for (const line of this.#lines.values()) this.#io.out(`${line}\n`);
    this.#drawn = this.#lines.size;
  }

  /** Back up over the live lines, clearing each. */
  #erase(): void {
    this.#io.out('\u001b[1A\u001b[2K'.repeat(this.#drawn));
  }
}

/** Short enough for one row: a row that wraps could not be cleared. */
function lineFor({ at, event, slot_id, phase, detail, branch_name }: WorkerEvent): string {
  const facts = [at.slice(11, 19), slot_id ?? '', phase ?? event, branch_name ?? '', detail ?? ''];
  const text = facts
    .filter((fact) => fact !== '')
    .join('  ')
    .replaceAll(/\p{Cc}+/gu, ' ');
  return [...text].slice(0, 79).join('');
}
