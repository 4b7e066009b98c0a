/** What is numbered. A number is given once, even if the write it was for fails. */
export type Counter = "position" | "user" | "room" | "type" | "stateKey" | "event" | "stateGroup" | "general";

/** How far ahead of use numbers are reserved on disk: at most this many are skipped at a restart. */
const BLOCK = 1_000;

/**
 * Numbers are given in memory. On disk stands, per counter, a number that no given one exceeds: a write that uses
 * numbers past it moves it, in the same transaction, so most writes need not.
 */
export class Counters {
  readonly #next = new Map<Counter, number>();
  readonly #reserved = new Map<Counter, number>();

  constructor(reserved: ReadonlyMap<string, number>) {
    for (const counter of COUNTERS) {
      this.#reserved.set(counter, reserved.get(counter) ?? 0);
      this.#next.set(counter, (reserved.get(counter) ?? 0) + 1);
    }
  }

  take(counter: Counter): number {
    const number = this.#next.get(counter)!;
    this.#next.set(counter, number + 1);
    return number;
  }

  /** What a write that uses `number` has to reserve; undefined where nothing. */
  toReserve(counter: Counter, number: number): number | undefined {
    return number > this.#reserved.get(counter)! ? number + BLOCK : undefined;
  }

  /** A reservation is on disk. */
  reserved(counter: Counter, upTo: number): void {
    if (upTo > this.#reserved.get(counter)!) this.#reserved.set(counter, upTo);
  }
}

const COUNTERS = ["position", "user", "room", "type", "stateKey", "event", "stateGroup", "general"] as const;
